"""Who may come in: people with their roles, links, and the credentials that are good now."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import get_args

import streamlit as st

from frontend.calls import access as access_calls
from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.markup import element, show_table, text
from frontend.components.refusals import show_refusal
from frontend.session import Session, local
from frontend.views import settings_links
from planner.exchange.access import PersonState, RoleOrder, TokenState
from wording.times import moment

_SAID = "settings.access.said"
_PEOPLE = ("name", "email", "role", "from", "sessions", "seen")
_CREDENTIALS = ("name", "kind", "role", "made", "used", "ends")


def access(session: Session) -> None:
    """The card, for administrators alone; closed, for most installations have one person."""
    if not session.may("GET /api/access"):
        return
    with st.expander(_words(session, "title"), key="settings-access"):
        said = st.session_state.pop(_SAID, None)
        if said is not None:
            st.success(_words(session, said))
        people = access_calls.people(session.api).items
        if people:
            _people(session, people)
        settings_links.links(session, access_calls.summary(session.api).origin)
        _credentials(session, access_calls.credentials(session.api))


def _people(session: Session, people: tuple[PersonState, ...]) -> None:
    card_title(_words(session, "people"), _words(session, "people_hint"))
    _table(session, "people", _PEOPLE, (_person(session, one) for one in people))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        who = st.selectbox(
            _words(session, "who"), people, format_func=lambda one: one.known_as, key="access.who"
        )
        role = st.selectbox(
            _words(session, "column_role"),
            get_args(RoleOrder),
            format_func=lambda one: _words(session, f"role_{one}"),
            key="access.role",
        )
        api = session.api
        if st.button(_words(session, "set_role"), key="access.set_role", type="primary"):
            _order(session, partial(access_calls.set_role, api, who.id, role), "role_was_set")
        if st.button(_words(session, "end_sessions"), key="access.end_sessions"):
            _order(session, partial(access_calls.end_sessions, api, who.id), "sessions_ended")


def _credentials(session: Session, known: tuple[TokenState, ...]) -> None:
    card_title(_words(session, "credentials"), _words(session, "credentials_hint"))
    _table(session, "credentials", _CREDENTIALS, (_credential(session, one) for one in known))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which = st.selectbox(
            _words(session, "which"),
            known,
            format_func=partial(_called, session),
            index=None,
            placeholder=_words(session, "choose"),
            key="access.which",
        )
        if st.button(_words(session, "revoke"), key="access.revoke", disabled=which is None) and (
            which is not None
        ):
            _order(session, partial(access_calls.revoke, session.api, which.id), "was_revoked")


def _order(session: Session, send: Callable[[], object], said: str) -> None:
    try:
        send()
    except ApiRefused as refused:
        show_refusal(session, refused, {})
        return
    st.session_state[_SAID] = said
    st.rerun()


def _person(session: Session, one: PersonState) -> tuple[str, ...]:
    return (
        one.known_as,
        one.email,
        _words(session, f"role_{one.role or 'none'}"),
        _words(session, f"from_{one.role_from}"),
        str(one.sessions),
        _when(session, one.signed_in_at),
    )


def _credential(session: Session, one: TokenState) -> tuple[str, ...]:
    return (
        one.name,
        _words(session, f"kind_{one.kind}"),
        _words(session, f"role_{one.scope}"),
        _when(session, one.created_at),
        _when(session, one.last_used_at, missing="unused"),
        _when(session, one.expires_at, missing="never"),
    )


def _called(session: Session, one: TokenState) -> str:
    kind = _words(session, f"kind_{one.kind}")
    return f"{one.name} · {kind} · {_when(session, one.created_at)}"


def _when(session: Session, at: datetime | None, *, missing: str = "never") -> str:
    return _words(session, missing) if at is None else moment(local(at), session.language)


def _table(
    session: Session, name: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> None:
    cells = [element("th", text(_words(session, f"column_{one}")), scope="col") for one in heads]
    table = element(
        "table",
        element("thead", element("tr", *cells)),
        element("tbody", *(_row(row) for row in rows)),
        class_="pb-grid pb-words",
    )
    show_table(table, label=_words(session, name))


def _row(cells: tuple[str, ...]) -> str:
    first, *others = cells
    return element(
        "tr",
        element("th", text(first), scope="row"),
        *(element("td", text(cell)) for cell in others),
    )


def _words(session: Session, key: str) -> str:
    return session.say(f"page.access.{key}")
