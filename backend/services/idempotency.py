"""A repeated create makes one thing: the key of the first request gets its answer again."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from backend.repositories import tokens
from backend.tables import IdempotencyRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode, encode, encode_json
from backend.wire.problems import RequestError

Body = TypeVar("Body")
Answer = TypeVar("Answer")


def once(
    work: UnitOfWork,
    key: str,
    body: Body,
    *,
    answer: type[Answer],
    make: Callable[[UnitOfWork, Body], Answer],
) -> Answer:
    """What ``make`` answered to the first request of this principal with this key.

    Raises:
        RequestError: The key was used with another body.
    """
    given = kept(work, key, body, answer=answer)
    if given is not None:
        return given
    made = make(work, body)
    _keep(work, key, body, made)
    return made


def once_shown(
    work: UnitOfWork,
    key: str | None,
    body: Body,
    *,
    refusal: Callable[[str], RequestError],
    make: Callable[[UnitOfWork, Body], tuple[str, Answer]],
) -> Answer:
    """What ``make`` answers, a secret in it, which is kept nowhere: so it is answered once.

    Args:
        work: Of the request.
        key: Of the request; without one each request makes another.
        body: What is asked for.
        refusal: Of a repeated request, for the id of what was made.
        make: That id, and the answer.

    Raises:
        RequestError: The key was used before.
    """
    if key is None:
        return make(work, body)[1]
    before = kept(work, key, body, answer=dict[str, str])
    if before is not None:
        raise refusal(before["id"])
    made_id, answer = make(work, body)
    _keep(work, key, body, {"id": made_id})
    return answer


def kept(work: UnitOfWork, key: str, body: Body, *, answer: type[Answer]) -> Answer | None:
    """The answer to an earlier request of this principal with this key; None before one.

    Raises:
        RequestError: The key was used with another body.
    """
    given = tokens.answer_given(work.session, work.principal.name, key)
    if given is None:
        return None
    if given.body_sha256 != _sha256_of(body):
        raise RequestError(HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency_key_reused")
    return decode(answer, given.answer)


def _keep(work: UnitOfWork, key: str, body: object, answer: object) -> None:
    tokens.remember_answer(
        work.session,
        IdempotencyRow(
            principal=work.principal.name,
            key=key,
            body_sha256=_sha256_of(body),
            answer=encode(answer),
            created_at=work.now,
        ),
    )


def _sha256_of(body: object) -> str:
    return hashlib.sha256(encode_json(type(body), body)).hexdigest()
