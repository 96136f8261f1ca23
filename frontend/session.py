"""Who looks at the pages, in which language, and what their link says."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypedDict
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
import streamlit as st
from streamlit.navigation.page import Page

from frontend.calls.api import Api, ApiUnreachable, SignedOut, connect
from planner.exchange.page_states import Me
from wording.catalogue import LANGUAGES, say
from wording.language import Language

COOKIE = "paybatch_session"
"""Set by the API when somebody signs in; cookies do not care about ports."""

LANGUAGE_PARAM = "lang"
PILOT_PARAM = "pilot"

_LANGUAGE_STATE = "language"
_LINKED = "linked."
_PAGES_STATE = "pages"


class Offer(TypedDict):
    """Whether a button or a menu can be pressed, and what it says to who hovers over it."""

    disabled: bool
    help: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser that is signed in.

    Attributes:
        api: The API in this person's name.
        me: Who it is.
        language: Of everything on the page.
        dark: Whether the page has light text on dark.
    """

    api: Api
    me: Me
    language: Language
    dark: bool

    def may(self, route: str) -> bool:
        """Whether the API lets this person use a route, as it said itself; it decides again."""
        return route not in self.me.needs

    def why_not(self, route: str) -> str | None:
        """What a button says that this person may not press; None where they may."""
        role = self.me.needs.get(route)
        if role is None:
            return None
        return self.say("page.shell.needs_role", role=self.say(f"page.access.role_{role}"))

    def offer(self, route: str, *, disabled: bool = False, hint: str | None = None) -> Offer:
        """How what sends an order to a route is offered: as it is, or disabled with the reason."""
        why_not = self.why_not(route)
        return {"disabled": disabled or why_not is not None, "help": why_not or hint}

    def say(self, key: str, /, **params: str | float) -> str:
        """The message of a key in the reader's language."""
        return say(key, self.language, **params)


def open_session(language: Language) -> Session | None:
    """The session of the browser that asks; None if it did not sign in.

    Raises:
        SignedOut: It did, but the API no longer knows it.
        ApiUnreachable: The API does not answer.
    """
    token = st.context.cookies.get(COOKIE)
    if token is None:
        return None
    api = Api(connections(), token)
    return Session(api=api, me=api.me(), language=language, dark=is_dark())


@contextmanager
def part_of_a_page() -> Iterator[None]:
    """Draws the whole page anew where a part that looks again by itself finds nobody to ask.

    The whole page says then that the session has ended, or that the API is away.
    """
    try:
        yield
    except (SignedOut, ApiUnreachable):
        st.rerun()


@st.cache_resource(show_spinner=False)
def connections() -> httpx.Client:
    """One pool of connections for the whole program."""
    return connect()


def api_answers() -> bool:
    """Whether the API is there at this moment."""
    try:
        return connections().get("/api/health").is_success
    except httpx.TransportError:
        return False


def team_sign_in_url() -> str | None:
    """Where a browser signs in with the provider of the team; None where there is none."""
    try:
        answer = connections().get("/api/health")
        told = answer.json() if answer.is_success else {}
    except (httpx.TransportError, ValueError):
        return None
    url = told.get("sign_in_url")
    return url if isinstance(url, str) else None


def is_dark() -> bool:
    """Whether the browser shows the dark theme."""
    return st.context.theme.type == "dark"


def local(moment: datetime) -> datetime:
    """The same moment on the reader's clock; on this computer's where the reader's is unknown."""
    try:
        zone = ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError):
        return moment.astimezone()
    return moment.astimezone(zone)


def current_language() -> Language:
    """The link's language, else the one chosen before, else the browser's."""
    linked = _spoken(st.query_params.get(LANGUAGE_PARAM))
    if linked is not None:
        st.session_state[_LANGUAGE_STATE] = linked
        return linked
    before = _spoken(st.session_state.get(_LANGUAGE_STATE))
    return before or _spoken((st.context.locale or "").partition("-")[0]) or "en"


def choose_language(language: Language) -> None:
    """Keeps the language for this browser, and in its link."""
    if language in LANGUAGES:
        st.session_state[_LANGUAGE_STATE] = language
        st.query_params[LANGUAGE_PARAM] = language


def publish_language() -> None:
    """Puts a chosen language into the link again after the page was changed."""
    chosen = st.session_state.get(_LANGUAGE_STATE)
    if chosen is not None and st.query_params.get(LANGUAGE_PARAM) != chosen:
        st.query_params[LANGUAGE_PARAM] = chosen


def current_pilot() -> str | None:
    """The pilot that the link names, else the one looked at last; kept in the link."""
    return linked(PILOT_PARAM)


def choose_pilot(pilot_id: str) -> None:
    """Makes a pilot the one that every page is about."""
    link(PILOT_PARAM, pilot_id)


def linked(name: str) -> str | None:
    """What the link says of ``name``, else what it said before the page was changed."""
    value = st.query_params.get(name) or st.session_state.get(_LINKED + name)
    if value is not None:
        link(name, str(value))
    return value


def link(name: str, value: str | None) -> None:
    """Keeps a value in the link, also when the page changes; None takes it out."""
    st.session_state[_LINKED + name] = value
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def publish(params: Mapping[str, Any]) -> None:
    """Keeps values in the link of this page; None takes one out."""
    for name, value in params.items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != str(value):
            st.query_params[name] = str(value)


def asked_in_vain(address: str | None, paths: Collection[str]) -> str | None:
    """The path that the browser asked for when there is no such page; None when there is."""
    asked = unquote(urlsplit(address or "").path).strip("/").rpartition("/")[2].strip()
    return asked if asked and asked not in paths else None


def register_pages(pages: Mapping[str, Page]) -> None:
    """Remembers the pages of this run by path, for `go_to`."""
    st.session_state[_PAGES_STATE] = dict(pages)


def go_to(path: str) -> NoReturn:
    """Leaves for another page, about the same pilot, on the same assumptions.

    Without a query of its own, streamlit refuses to leave where a field is in the link; the next
    page puts what it shows into its link again.
    """
    st.switch_page(st.session_state[_PAGES_STATE][path], query_params={})


def _spoken(name: str | None) -> Language | None:
    """A language that Paybatch speaks."""
    return next((language for language in LANGUAGES if language == name), None)
