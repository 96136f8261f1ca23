"""What an installation refuses, as fields with codes, and that it does not answer at all."""

import dataclasses

import httpx

MEDIA_TYPE = "application/problem+json"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One refused field.

    Attributes:
        field: Dotted path in what was sent; empty when it is about the whole.
        code: Message key below ``refusal.`` in the installation's messages.
        params: Values for the message.
    """

    field: str
    code: str
    params: dict[str, str | int | float] = dataclasses.field(default_factory=dict)


class Unreachable(Exception):
    """The installation does not answer; it may come back by itself.

    Attributes:
        url: Where it was looked for.
    """

    def __init__(self, url: str) -> None:
        super().__init__(f"no answer from {url}")
        self.url = url


class Refused(Exception):
    """The installation, or the client itself, refused what was asked.

    Attributes:
        status: Of the answer; None where nothing was sent.
        title: The answer's own words for the status, in English.
        problems: What is wrong, at least one.
    """

    def __init__(self, status: int | None, title: str, problems: tuple[Problem, ...]) -> None:
        told = "; ".join(map(_told, problems))
        super().__init__(f"{title}: {told}" if title else told)
        self.status = status
        self.title = title
        self.problems = problems

    @property
    def field(self) -> str:
        """First refused field; empty when it is about the whole."""
        return self.problems[0].field

    @property
    def code(self) -> str:
        """What is wrong with it."""
        return self.problems[0].code

    @property
    def params(self) -> dict[str, str | int | float]:
        """Values that belong to the code."""
        return self.problems[0].params


def refused_by(answer: httpx.Response) -> Refused:
    """What an answer that is an error says; one that is no problem document says little."""
    title = answer.reason_phrase
    if answer.headers.get("content-type") != MEDIA_TYPE:
        unknown = Problem(field="", code="internal_error")
        return Refused(answer.status_code, title, (unknown,))
    body = answer.json()
    listed = body.get("errors") or [
        {"field": "", "code": body["code"], "params": body.get("params", {})}
    ]
    problems = tuple(
        Problem(field=found["field"], code=found["code"], params=found.get("params", {}))
        for found in listed
    )
    return Refused(answer.status_code, body.get("title", title), problems)


def _told(problem: Problem) -> str:
    """Such as ``seeds.confirmation: too_few (least=2)``."""
    params = ", ".join(f"{name}={value}" for name, value in problem.params.items())
    where = f"{problem.field}: " if problem.field else ""
    return f"{where}{problem.code}{f' ({params})' if params else ''}"
