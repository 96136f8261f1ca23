"""Saved views of the compare page: its link under a name, for everybody who signs in."""

from contextlib import suppress
from urllib.parse import urlencode

import streamlit as st

from frontend.calls.api import ApiRefused, ApiUnreachable
from frontend.calls.compare import remove_view, save_view, saved_view, saved_views
from frontend.choices.compare import PARAMS, Compared, read, written
from frontend.components.frame import refused_notice
from frontend.components.markup import element, literal, show, text
from frontend.session import LANGUAGE_PARAM, Session, local
from frontend.views.compare_choice import keep
from planner.exchange.views import View
from wording.times import day

VIEW_PARAM = "view"

_REFUSED = "compare.view_refused"


def open_linked(session: Session) -> None:
    """Where the link names a view, the link becomes what that view says.

    Raises:
        ApiRefused: There is no such view.
    """
    view_id = st.query_params.get(VIEW_PARAM)
    if view_id is not None:
        del st.query_params[VIEW_PARAM]
    if not view_id:
        return
    found = saved_view(session.api, view_id)
    keep(read({name: value for name, value in found.query.items() if name in PARAMS}))


def offered(session: Session, compared: Compared) -> None:
    """Every view with its link, and a field to keep this one."""
    with st.popover(session.say("page.compare.views"), icon=":material/bookmarks:"):
        st.caption(session.say("page.compare.views_hint"))
        views = saved_views(session.api)
        if not views:
            st.write(session.say("page.compare.views_none"))
        for view in views:
            _row(session, view)
        _save(session, compared)


def _row(session: Session, view: View) -> None:
    address = urlencode({VIEW_PARAM: view.id, LANGUAGE_PARAM: session.language})
    saved = day(local(view.saved_at).date(), session.language)
    told = session.say("page.compare.view_by", owner=view.owner, day=saved)
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        show(
            element(
                "a", text(view.name), href=f"/compare?{address}", target="_self", class_="pb-view"
            )
            + element("small", text(told), class_="pb-muted"),
        )
        if session.me.scope == "admin" or view.owner == session.me.name:
            remove = literal(session.say("page.compare.view_remove_help", name=view.name))
            st.button(
                session.say("page.compare.view_remove"),
                key=f"compare.remove.{view.id}",
                type="tertiary",
                icon=":material/delete:",
                on_click=_remove,
                args=(session, view.id),
                **session.offer("DELETE /api/views/{view_id}", hint=remove),
            )


def _save(session: Session, compared: Compared) -> None:
    denied = session.why_not("POST /api/views")
    if denied is not None:
        st.caption(denied)
        return
    refused = st.session_state.pop(_REFUSED, None)
    st.text_input(session.say("page.compare.view_name"), key="compare.view_name")
    st.button(
        session.say("page.compare.view_save"),
        key="compare.view_save",
        type="primary",
        on_click=_keep,
        args=(session, compared),
    )
    if refused is not None:
        refused_notice(session, refused)


def _keep(session: Session, compared: Compared) -> None:
    query = {name: value for name, value in written(compared).items() if value is not None}
    with suppress(ApiUnreachable):  # the page that follows says so, and the name still stands there
        try:
            save_view(session.api, st.session_state["compare.view_name"], query)
        except ApiRefused as refused:
            st.session_state[_REFUSED] = refused
        else:
            st.session_state["compare.view_name"] = ""


def _remove(session: Session, view_id: str) -> None:
    with suppress(ApiUnreachable):  # the page that follows says so, and the view is still there
        try:
            remove_view(session.api, view_id)
        except ApiRefused as refused:
            st.session_state[_REFUSED] = refused
