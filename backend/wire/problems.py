"""What can be wrong with a request, as values: fields with codes, never prose."""

import dataclasses
from collections.abc import Sequence
from http import HTTPStatus

from planner.refusal import Refusal

Params = dict[str, str | int | float]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One refused field of a request.

    Attributes:
        field: Path from the body, such as ``pilot.schedules[0].batch_size.initial``.
        code: Message key below ``refusal.`` in the wording catalogues.
        params: Values for the message's placeholders.
    """

    field: str
    code: str
    params: Params = dataclasses.field(default_factory=dict)


class InputError(ValueError):
    """Every problem of one input, in the order of its fields."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = problems


class RequestError(Exception):
    """A request that is well formed and still cannot be done.

    Attributes:
        status: HTTP status that says why.
        code: Message key below ``refusal.`` in the wording catalogues.
        params: Values for the message's placeholders.
    """

    def __init__(self, status: HTTPStatus, code: str, /, **params: str | float) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.params = params


def not_found(noun: str, identifier: str) -> RequestError:
    """Nothing of that kind has this identifier."""
    return RequestError(HTTPStatus.NOT_FOUND, f"{noun}_not_found", id=identifier)


def conflict(code: str, /, **params: str | float) -> RequestError:
    """The state of the thing does not allow it."""
    return RequestError(HTTPStatus.CONFLICT, code, **params)


def below(prefix: str, refusal: Refusal) -> Refusal:
    """The same refusal, its field named from further out."""
    return Refusal(joined([prefix, refusal.field]), refusal.code, **refusal.params)


def joined(path: Sequence[str | int]) -> str:
    """Names and places as one path: ``schedules[0].name``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part:
            text += f".{part}" if text and not part.startswith("[") else part
    return text
