"""Credentials, for the owner of the installation."""

from backend.routes.dependencies import KeyIfAny, Reading, Writing
from backend.routes.guarded import guarded
from backend.services import idempotency, tokens
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import RequestError, conflict
from planner.exchange.access import TokenKind, TokenRequest, TokenState

router = guarded(tags=["tokens"])


@router.get("/tokens")
def list_tokens(
    work: Reading, kind: TokenKind | None = None, *, live: bool = False
) -> tuple[TokenState, ...]:
    """The newest credentials without their secrets; ``live`` leaves out those that ended."""
    return tokens.states(work, kind=kind, live=live)


@router.post("/tokens", status_code=201)
def make_token(body: TokenRequest, work: Writing, idempotency_key: KeyIfAny = None) -> TokenState:
    """A new credential; its secret is shown only in this answer.

    A repeated request with the same key makes no second one: it is told the id of the first.
    """

    def make(work: UnitOfWork, body: TokenRequest) -> tuple[str, TokenState]:
        made = tokens.make(work, body)
        return made.id, made

    key = idempotency_key and f"token {idempotency_key}"
    return idempotency.once_shown(work, key, body, refusal=_made_before, make=make)


@router.post("/tokens/{token_id}:revoke")
def revoke_token(token_id: str, work: Writing) -> TokenState:
    """Ends a credential now."""
    return tokens.revoke(work, token_id)


def _made_before(token_id: str) -> RequestError:
    return conflict("token_made_before", id=token_id)
