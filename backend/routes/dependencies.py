"""What every route is given: a checked credential and one unit of work."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from backend.access.guard import is_file
from backend.access.security import POLICY, PUBLIC, Principal, allowed
from backend.disk.room import ENDS
from backend.services import tokens
from backend.unit_of_work import Installation, UnitOfWork
from backend.wire.description import ACTION
from backend.wire.problem_json import ProblemDocument
from backend.wire.problems import RequestError
from planner.refusal import Refusal

_SUSPICIOUS = re.compile(rb"\\u(?:[dD]|0000)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

ANYBODY = Principal(name="anybody", scope="viewer")

_DOCUMENT = {"schema": {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}}

REFUSALS: dict[int | str, dict[str, object]] = {
    status: {
        "content": {"application/problem+json": {}, "application/json": _DOCUMENT},
        "description": description,
    }
    for status, description in {
        401: "No credential, or one that is unknown, expired or revoked.",
        403: "The credential is not good for this, or the request came from a foreign page.",
        404: "There is no such thing.",
        405: "The address does not take this method; ``Allow`` says which it takes.",
        409: "The state of the thing does not allow it.",
        411: "The body does not say how long it is.",
        413: "The body is too large.",
        414: "The address is too long.",
        415: "The body is not JSON, by its own Content-Type.",
        421: "The Host header names another server.",
        422: "Fields were refused; each is named with a code.",
        503: "Busy: come back in a second.",
        507: "The disk is full.",
    }.items()
}
"""Refusals that every route may answer with."""

REFUSALS[400] = {
    "content": {"text/plain": {}},
    "description": "The head of the request is too long, or no HTTP; said before anything is read.",
}

# One of them tells what the document is: FastAPI would work that out for each of each route.
REFUSALS[401]["model"] = ProblemDocument


def installation_of(request: Request) -> Installation:
    """The installation that this application serves."""
    installation: Installation = request.app.state.installation
    return installation


class Admission(HTTPBearer):
    """What every request passes, in one dependency: each one more costs every request."""

    async def __call__(self, request: Request) -> None:  # type: ignore[override]  # no web socket
        """Lets a request pass to its route.

        Raises:
            HTTPException: An action is where a part of the address should be.
            Refusal: No database could hold its text.
            RequestError: Its credential is not good for its route.
        """
        await authorised(request, await super().__call__(request))
        await whole_characters(request)


ADMISSION = Admission(
    auto_error=False,
    scheme_name="HTTPBearer",
    description="A token of a person, worker or attempt.",
)


async def authorised(request: Request, credential: HTTPAuthorizationCredentials | None) -> None:
    """Refuses every request whose credential is not good for its route.

    Only a credential that is not known yet needs a thread: public routes answer when all are busy.

    Raises:
        HTTPException: An action is where a part of the address should be.
        RequestError: 401 without a valid credential, 403 with one that is not good for this.
    """
    if any(ACTION in value for value in request.path_params.values()):
        raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED)
    route = f"{request.method} {request.scope['route'].path_format}"
    request.state.principal = ANYBODY
    if route in PUBLIC:
        return
    if credential is None:
        raise RequestError(HTTPStatus.UNAUTHORIZED, "credential_missing")
    installation = installation_of(request)
    principal = await _principal_of(installation, credential.credentials)
    if principal is None:
        raise RequestError(HTTPStatus.UNAUTHORIZED, "credential_unknown")
    request.state.principal = principal
    if not allowed(principal, POLICY.get(route), request.path_params):
        raise RequestError(HTTPStatus.FORBIDDEN, "not_allowed")
    if principal.token_id is not None:
        now = installation.clock.now()
        installation.uses.note(principal.token_id, written=principal.used_at, now=now)


async def _principal_of(installation: Installation, token: str) -> Principal | None:
    known = installation.principals.find(token, now=installation.clock.now())
    return known or await run_in_threadpool(tokens.look_up, installation, token)


async def whole_characters(request: Request) -> None:
    """Refuses halves of characters and NUL, which JSON can escape and no database can hold.

    Raises:
        Refusal: The address or the body has one. What else is wrong, its route says.
    """
    query: bytes = request.scope["query_string"]
    if "\0" in request.scope["path"] or b"%00" in query or b"\0" in query:
        raise Refusal("", "nul_character")
    if is_file(request.headers):
        return  # written to the disk as it comes; its reader says what it holds
    body = await request.body() if "content-length" in request.headers else b""
    if _SUSPICIOUS.search(body):
        await run_in_threadpool(_check_characters, body)


def _check_characters(body: bytes) -> None:
    """Beside the event loop: a large body takes a while.

    Raises:
        Refusal: It has one.
    """
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError as error:
        raise Refusal("", "not_json") from error
    except (ValueError, RecursionError):
        return
    if _NUL.search(text):
        raise Refusal("", "nul_character")


async def reading(request: Request) -> UnitOfWork:
    """A unit of work that sees one snapshot; its connection is taken by the first query.

    Whoever asks closes it, in the thread of its queries: `OneThread` does for its handlers.
    """
    return _work(request, writes=False)


async def writing(request: Request) -> AsyncIterator[UnitOfWork]:
    """A unit of work that is committed before the answer is sent, or changes nothing.

    Writers wait here, on the event loop: waiting for the connection in threads would leave no
    thread for the one that holds it.

    Raises:
        RequestError: 507 while the disk is nearly full, unless this ends something or makes room.
        TimeoutError: Others wrote for too long.
    """
    route = f"{request.method} {request.scope['route'].path_format}"
    if route not in ENDS and installation_of(request).room.is_short():
        raise RequestError(HTTPStatus.INSUFFICIENT_STORAGE, "storage_full")
    lock: asyncio.Lock = request.app.state.writer_lock
    async with asyncio.timeout(installation_of(request).settings.busy_s):
        await lock.acquire()
    try:
        work = _work(request, writes=True)
        try:
            yield work
            if work.session.in_transaction():
                await run_in_threadpool(work.session.commit)
        finally:
            if work.session.in_transaction():
                await run_in_threadpool(work.session.close)
    finally:
        lock.release()


def _work(request: Request, *, writes: bool) -> UnitOfWork:
    installation = installation_of(request)
    database = installation.database
    return UnitOfWork(
        session=database.write() if writes else database.read(),
        installation=installation,
        principal=request.state.principal,
        now=installation.clock.now(),
    )


Reading = Annotated[UnitOfWork, Depends(reading)]
Writing = Annotated[UnitOfWork, Depends(writing, scope="function")]


def _as_written(day: object) -> object:
    """A day as ISO 8601 writes it; pydantic alone takes seconds since 1970 for one, too."""
    if isinstance(day, str) and not _DAY.fullmatch(day):
        raise PydanticCustomError("date_parsing", "not a day")
    return day


Day = Annotated[date, BeforeValidator(_as_written)]
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
PageSize = Annotated[int, Query(ge=1, le=200)]
SearchText = Annotated[str, Query(max_length=200)]
IdempotencyKey = Annotated[str, Header(min_length=1, max_length=200)]
KeyIfAny = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
"""Of a create whose answer holds a secret: a repeated request is refused, not answered again."""
