"""One visit to a thread a request: handler, bytes of the answer, commit and close.

FastAPI would visit one for the handler, one to check its answer, one to commit and one to close.
"""

import functools
import inspect
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute

from backend.routes.dependencies import Reading, Writing
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import adapter

Endpoint = Callable[..., Any]


class OneThread(APIRoute):
    """A route whose sync handler ends its own unit of work, and writes its own answer."""

    def __init__(self, path: str, endpoint: Endpoint, **how: Any) -> None:  # noqa: ANN401  # FastAPI's
        if not inspect.iscoroutinefunction(endpoint):
            endpoint = _in_one_visit(endpoint, how)
        super().__init__(path, endpoint, **how)


def _in_one_visit(endpoint: Endpoint, how: dict[str, Any]) -> Endpoint:
    named = inspect.signature(endpoint).parameters.values()
    works = {one.name: one.annotation is Writing for one in named if one.annotation in _WORKS}
    status = how.get("status_code") or HTTPStatus.OK
    kind = _kind_of_answer(endpoint, how)

    def answered(made: object) -> Response:
        if isinstance(made, Response):
            return made
        if status == HTTPStatus.NO_CONTENT:
            return Response(status_code=status)
        content = adapter(kind).dump_json(made)
        return Response(content, status_code=status, media_type="application/json")

    @functools.wraps(endpoint)
    def visit(**given: Any) -> Response:  # noqa: ANN401  # whatever the handler takes
        if not works:
            return answered(endpoint(**given))
        ((name, writes),) = works.items()
        work: UnitOfWork = given[name]
        with work.session:
            answer = answered(endpoint(**given))
            if writes:
                work.session.commit()
        return answer

    return visit


_WORKS = (Reading, Writing)


def _kind_of_answer(endpoint: Endpoint, how: dict[str, Any]) -> Any:  # noqa: ANN401  # any type
    """What the handler says that it answers."""
    stated = how.get("response_model")
    unstated = stated is None or isinstance(stated, DefaultPlaceholder)
    return inspect.signature(endpoint).return_annotation if unstated else stated
