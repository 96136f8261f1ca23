"""Signing in and out: the only pages that the API itself shows."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Cookie, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from backend.access.loopback import in_url
from backend.access.sign_in_page import sign_in_refused
from backend.routes.dependencies import KeyIfAny, Reading, Writing
from backend.routes.guarded import guarded
from backend.services import idempotency, sign_in
from backend.settings import Settings
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import RequestError, conflict
from planner.exchange.access import SignInLinkRequest
from planner.exchange.page_states import Me, SignInLink
from wording.language import preferred_language

router = guarded(tags=["sign-in"], prefix="")

COOKIE = "paybatch_session"
SECONDS_A_MINUTE = 60.0

OWN_STYLE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
}
"""What the page of the API needs; like every answer it is neither cached nor handed on."""


@router.get(
    "/sign-in",
    response_class=RedirectResponse,
    status_code=303,
    responses={
        303: {"description": "Signed in: on to the page, with a session cookie."},
        403: {
            "description": "The code is unknown, used or expired.",
            "content": {"text/html": {}},
            "model": None,
        },
    },
)
def enter(
    request: Request,
    work: Writing,
    code: str = "",
    accept_language: Annotated[str, Header()] = "",
    paybatch_session: Annotated[str | None, Cookie()] = None,
) -> Response:
    """Follows a single-use link."""
    signed_in = sign_in.sign_in(work, code, session_token=paybatch_session)
    if signed_in is None:
        page = sign_in_refused(preferred_language(accept_language))
        return HTMLResponse(page, status_code=403, headers=OWN_STYLE)
    return let_in(request, work.settings, signed_in.token, valid_s=signed_in.valid_s)


def let_in(request: Request, settings: Settings, token: str | None, *, valid_s: int) -> Response:
    """On to the page, with the cookie of a new session where there is one."""
    host = in_url(urlsplit(str(request.url)).hostname or "")
    here = f"{request.url.scheme}://{host}:{settings.page_port}"
    named = settings.page_url or settings.origin
    address = here if named is None else settings.page_address
    answer = RedirectResponse(f"{address}/", status_code=303)
    if token is not None:
        answer.set_cookie(
            COOKIE,
            token,
            max_age=valid_s,
            path="/",
            httponly=True,
            samesite="lax",
            secure=address.startswith("https:"),
        )
    return answer


@router.post("/api/sign-in-links", status_code=201)
def make_link(
    request: Request,
    work: Writing,
    body: SignInLinkRequest | None = None,
    idempotency_key: KeyIfAny = None,
) -> SignInLink:
    """A link that signs one browser in, as whoever asks or as somebody by name and role.

    A repeated request with the same key makes no second one; the first ends by itself.
    """

    def make(work: UnitOfWork, asked: SignInLinkRequest) -> tuple[str, SignInLink]:
        door = (work.settings.origin or str(request.base_url)).rstrip("/")
        url = f"{door}/sign-in?code={sign_in.make_code(work, asked)}"
        return "", SignInLink(url=url, expires_in_s=asked.valid_minutes * SECONDS_A_MINUTE)

    key = idempotency_key and f"link {idempotency_key}"
    asked = body or SignInLinkRequest()
    return idempotency.once_shown(work, key, asked, refusal=_made_before, make=make)


@router.post("/api/sign-out")
def leave(work: Writing) -> Me:
    """Ends the session."""
    return sign_in.sign_out(work)


@router.get("/api/me")
def read_me(work: Reading) -> Me:
    """Who asks."""
    return sign_in.me(work)


def _made_before(_: str) -> RequestError:
    return conflict("link_made_before")
