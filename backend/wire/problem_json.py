"""Errors on the wire: RFC 9457 problem documents with fields and codes; clients word them."""

import dataclasses
import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from backend.database.failures import reason_of
from backend.disk.room import Room
from backend.wire.codec import encode, problems_from
from backend.wire.problems import InputError, Params, Problem, RequestError, joined
from planner.refusal import Refusal

LOG = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

INVALID = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ProblemDocument:
    """Why a request was refused.

    Attributes:
        type: Names the kind of problem; the code is what to look at.
        title: Plain English name of the status.
        code: Message key below ``refusal.`` in the wording catalogues.
        field: First refused field, where there is one.
        errors: Every refused field.
    """

    type: str
    title: str
    status: int
    code: str
    params: Params = dataclasses.field(default_factory=dict)
    field: str | None = None
    errors: tuple[Problem, ...] = ()


def problem_response(
    status: HTTPStatus,
    code: str,
    *,
    params: Params | None = None,
    errors: tuple[Problem, ...] = (),
) -> JSONResponse:
    """A problem document; one for fields takes its code from the first of them."""
    document = ProblemDocument(
        type="about:blank",
        title=status.phrase,
        status=status,
        code=code,
        params=params or {},
        field=errors[0].field if errors else None,
        errors=errors,
    )
    headers = {"Retry-After": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return JSONResponse(
        encode(document), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def install(app: FastAPI) -> None:
    """Makes every error of the application a problem document."""
    app.exception_handler(RequestValidationError)(_on_request_validation)
    app.exception_handler(InputError)(_on_input_error)
    app.exception_handler(Refusal)(_on_refusal)
    app.exception_handler(RequestError)(_on_request_error)
    app.exception_handler(HTTPException)(_on_http_exception)
    app.exception_handler(PoolTimeoutError)(_on_busy)
    app.exception_handler(TimeoutError)(_on_busy)
    app.exception_handler(DBAPIError)(_on_database_error)
    app.exception_handler(Exception)(_on_unknown)


def _of_fields(errors: tuple[Problem, ...]) -> JSONResponse:
    return problem_response(INVALID, errors[0].code, params=errors[0].params, errors=errors)


def _on_request_validation(request: Request, error: RequestValidationError) -> JSONResponse:  # noqa: ARG001
    found = []
    for place in error.errors():
        _, *path = place["loc"]
        found.append({**place, "loc": tuple(path)})
    return _of_fields(problems_from(found))


def _on_input_error(request: Request, error: InputError) -> JSONResponse:  # noqa: ARG001
    return _of_fields(error.problems)


def _on_refusal(request: Request, error: Refusal) -> JSONResponse:
    if error.code == "database_taken":  # lost to another API, which may be gone in a moment
        return _on_busy(request, error)
    problem = Problem(field=joined([error.field]), code=error.code, params=error.params)
    return _of_fields((problem,))


def _on_request_error(request: Request, error: RequestError) -> JSONResponse:  # noqa: ARG001
    return problem_response(error.status, error.code, params=error.params)


def _on_http_exception(request: Request, error: HTTPException) -> JSONResponse:
    """What the framework refuses: addresses, methods, and bodies whose bytes are no text."""
    status = HTTPStatus(error.status_code)
    methods = request.app.methods_at(request.url.path)
    if status == HTTPStatus.BAD_REQUEST:
        return _of_fields((Problem(field="", code="not_json"),))
    if status == HTTPStatus.METHOD_NOT_ALLOWED and methods:
        response = problem_response(status, "method_wrong")
        response.headers["Allow"] = ", ".join(sorted(methods))
        return response
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        return problem_response(HTTPStatus.NOT_FOUND, "route_not_found")
    response = problem_response(status, "request_wrong")
    response.headers.update(error.headers or {})
    return response


def _on_busy(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, "busy")


def _on_database_error(request: Request, error: DBAPIError) -> JSONResponse:
    reason = reason_of(error)
    room: Room = request.app.state.installation.room
    if reason == "storage_full" or (reason == "disk_failed" and room.takes_no_more()):
        room.give_up()
        return problem_response(HTTPStatus.INSUFFICIENT_STORAGE, "storage_full")
    if reason == "busy":
        return _on_busy(request, error)
    LOG.error("database failed", exc_info=error)
    return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error")


def _on_unknown(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error")
