"""What people are told without asking, newest first."""

import math
from contextlib import suppress
from functools import partial

import streamlit as st

from frontend.calls import notifications as notification_calls
from frontend.calls.api import ApiRefused, ApiUnreachable
from frontend.components.headings import page_title
from frontend.components.markup import show as show_markup
from frontend.page_number import page_number
from frontend.session import Session, local
from frontend.tables.notifications import notification_list
from planner.exchange.notifications import Inbox

PAGE_SIZE = 25
PAGE_PARAM = "told_page"


def nav_title(session: Session) -> str:
    """The page's name with what is unread, which every page shows at no further question."""
    if not session.me.unread:
        return session.say("page.nav.notifications")
    return session.say("page.notifications.nav_unread", count=session.me.unread)


def show(session: Session) -> None:
    """Draws the page."""
    inbox = _inbox(session)
    page_title(session.say("page.notifications.title"), session.say("page.notifications.subtitle"))
    if not inbox.notifications.total:
        with st.container(border=True, key="card-told-empty"):
            st.text(session.say("page.notifications.empty"))
        return
    with st.container(border=True, key="card-told"):
        _list(session, inbox)
    if session.may("GET /api/webhook"):
        st.caption(session.say("page.notifications.webhook_hint"))


def _inbox(session: Session) -> Inbox:
    """The page that was chosen; the first where there is no such page."""
    wanted = page_number(PAGE_PARAM)
    inbox = notification_calls.inbox(session.api, page=wanted, page_size=PAGE_SIZE)
    last = math.ceil(inbox.notifications.total / PAGE_SIZE)
    if wanted <= max(1, last):
        return inbox
    return notification_calls.inbox(session.api, page=1, page_size=PAGE_SIZE)


def _list(session: Session, inbox: Inbox) -> None:
    page = inbox.notifications
    title = session.say("page.notifications.list")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(title if inbox.unread else session.say("page.notifications.all_read"))
        if inbox.unread:
            st.button(
                session.say("page.notifications.mark_read"),
                key="told.mark_read",
                on_click=partial(_mark_read, session, up_to=inbox.newest),
                icon=":material/done_all:",
            )
    told = ((local(one.at), one) for one in page.items)
    show_markup(notification_list(told, session.language, title=title))
    pages = math.ceil(page.total / PAGE_SIZE)
    if pages > 1:
        st.pagination(pages, key=PAGE_PARAM, bind="query-params")


def _mark_read(session: Session, *, up_to: int) -> None:
    """The page that follows says itself where the API is away, and what is still new."""
    with suppress(ApiRefused, ApiUnreachable):
        notification_calls.mark_read(session.api, up_to=up_to)
