"""Signing in with the provider of the team: off to it, and back with proof."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Cookie, Depends, Header, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from backend.access.sign_in_page import team_sign_in_refused
from backend.oidc.id_token import Identity
from backend.oidc.provider import Provider
from backend.oidc.refused import Reason, SignInRefused
from backend.oidc.trip import COOKIE, LASTS_S, Trip, address, new_trip, opened, sealed
from backend.routes.dependencies import Writing, installation_of
from backend.routes.guarded import guarded
from backend.routes.sign_in import OWN_STYLE, let_in
from backend.services import team_sign_in
from backend.wire.problems import RequestError
from wording.language import preferred_language

router = guarded(tags=["sign-in"], prefix="", route_class=APIRoute)

PATH = "/sign-in/oidc"

_REFUSED: dict[int | str, dict[str, object]] = {
    403: {
        "description": "Nobody was signed in; the page says why.",
        "content": {"text/html": {}},
        "model": None,
    }
}

Text = Annotated[str, Query(max_length=8192)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """A browser that the provider sent back.

    Attributes:
        identity: Who it is beyond doubt.
        trip: The try that it comes back from; None where that is not known.
        reason: Why it is not let in.
    """

    provider: Provider
    identity: Identity | None = None
    trip: Trip | None = None
    reason: Reason | None = None


def provider_of(request: Request) -> Provider:
    """The provider of this installation.

    Raises:
        RequestError: There is none.
    """
    provider = installation_of(request).provider
    if provider is None:
        raise RequestError(HTTPStatus.NOT_FOUND, "oidc_not_set_up")
    return provider


def came_back(
    request: Request,
    code: Text = "",
    state: Text = "",
    error: Text = "",
    iss: Text = "",
    paybatch_oidc: Annotated[str | None, Cookie()] = None,
) -> CameBack:
    """Asks the provider who that is, before anything waits for the database."""
    provider = provider_of(request)
    now = installation_of(request).clock.now()
    trip = opened(paybatch_oidc, provider.seal, now=now)
    if trip is None or trip.state != state:
        return CameBack(provider=provider, reason="state_wrong")
    if iss not in ("", provider.client.issuer):  # RFC 9207
        return CameBack(provider=provider, trip=trip, reason="issuer_wrong")
    if error or not code:
        return CameBack(provider=provider, trip=trip, reason="provider_said_no")
    try:
        identity = provider.identity_for(code, trip, now=now)
    except SignInRefused as refused:
        return CameBack(provider=provider, trip=trip, reason=refused.reason)
    return CameBack(provider=provider, trip=trip, identity=identity)


@router.get(
    PATH,
    response_class=RedirectResponse,
    status_code=303,
    responses={303: {"description": "On to the sign-in provider."}, **_REFUSED},
)
def start(request: Request, accept_language: Annotated[str, Header()] = "") -> Response:
    """Begins to sign in with the provider of the team."""
    provider = provider_of(request)
    trip = new_trip(installation_of(request).clock.now())
    try:
        url = address(trip, provider.client, provider.authorization_endpoint())
    except SignInRefused as refused:
        return _page(refused.reason, accept_language)
    answer = RedirectResponse(url, status_code=303)
    answer.set_cookie(
        COOKIE,
        sealed(trip, provider.seal),
        max_age=round(LASTS_S),
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=provider.client.redirect_url.startswith("https:"),
    )
    return answer


@router.get(
    f"{PATH}/callback",
    response_class=RedirectResponse,
    status_code=303,
    responses={
        303: {"description": "Signed in: on to the page, with a session cookie."},
        **_REFUSED,
    },
)
def callback(
    request: Request,
    back: Annotated[CameBack, Depends(came_back)],
    work: Writing,
    accept_language: Annotated[str, Header()] = "",
) -> Response:
    """Lets somebody in whom the provider vouches for, or says why not."""
    reason = back.reason
    if back.identity is not None and back.trip is not None:
        try:
            token = team_sign_in.enter(work, back.identity, back.trip, back.provider)
        except SignInRefused as refused:
            reason = refused.reason
        else:
            hours = back.provider.client.session_h
            answer = let_in(request, work.settings, token, valid_s=round(hours * 3600))
            answer.delete_cookie(COOKIE, path=PATH)
            return answer
    if back.trip is not None and reason is not None:
        team_sign_in.refuse(work, reason, back.provider, back.identity)
    page = _page(reason or "state_wrong", accept_language)
    page.delete_cookie(COOKIE, path=PATH)
    return page


def _page(reason: Reason, accept_language: str) -> Response:
    text = team_sign_in_refused(preferred_language(accept_language), reason, again=PATH)
    return HTMLResponse(text, status_code=HTTPStatus.FORBIDDEN, headers=OWN_STYLE)
