"""The frame of every page: who looks, in which language, and which page."""

from collections.abc import Callable, Collection, Iterator
from functools import partial

import streamlit as st
from streamlit.navigation.page import Page

from frontend import views
from frontend.calls.api import ApiRefused, ApiUnreachable, SignedOut
from frontend.components.frame import (
    ICON,
    document_language,
    language_switch,
    logo,
    no_page_notice,
    refused_notice,
    sign_out_button,
    style_sheet,
    unreachable_notice,
)
from frontend.components.terms import meanings
from frontend.session import (
    Session,
    asked_in_vain,
    current_language,
    open_session,
    publish_language,
    register_pages,
)
from wording.catalogue import say
from wording.language import Language

View = Callable[[Session], None]

PAGES: tuple[tuple[str, str, View], ...] = (
    ("pilots", ":material/lists:", views.pilots.show),
    ("plan", ":material/edit_calendar:", views.plan.show),
    ("live", ":material/monitoring:", views.live.show),
    ("review", ":material/query_stats:", views.review.show),
    ("decide", ":material/gavel:", views.decide.show),
    ("compare", ":material/stacked_line_chart:", views.compare.show),
    ("reports", ":material/description:", views.reports.show),
    ("import", ":material/upload_file:", views.imports.show),
    ("catalogue", ":material/menu_book:", views.catalogue.show),
    ("throughput", ":material/speed:", views.throughput.show),
    ("worked-case", ":material/school:", views.worked_case.show),
    ("prices", ":material/sell:", views.prices.show),
    ("notifications", ":material/notifications:", views.notifications.show),
    ("settings", ":material/settings:", views.settings.show),
    ("guide", ":material/help:", views.guide.show),
)
"""Path, icon and view of every page, in the order of the navigation; the first is the start."""

ASIDE = ("worked-case",)
"""Paths of pages that others lead to and the navigation leaves out."""


def main() -> None:
    """Shows one page, or how to sign in and nothing else."""
    language = current_language()
    st.set_page_config(page_title="Paybatch", page_icon=ICON, layout="wide")
    style_sheet()
    logo()
    try:
        session = open_session(language)
        if session is None:
            raise SignedOut
        _page(session)
    except SignedOut:
        _only(language, partial(views.signed_out.show, language))
    except ApiUnreachable:
        _only(language, partial(unreachable_notice, language))
    document_language(language)


def _page(session: Session) -> None:
    pages = {
        path: st.Page(
            partial(_body, session, path, view),
            title=_title(session, path),
            icon=icon,
            url_path=path,
            default=path == PAGES[0][0],
            visibility="hidden" if path in ASIDE else "visible",
        )
        for path, icon, view in PAGES
    }
    page = st.navigation([*pages.values(), *_nowhere(session, pages)], expanded=True)
    register_pages(pages)
    publish_language()
    with st.sidebar:
        language_switch(session.language)
    page.run()
    meanings(session.language)
    with st.sidebar:
        sign_out_button(session)


def _title(session: Session, path: str) -> str:
    """What the navigation calls a page."""
    if path == "notifications":
        return views.notifications.nav_title(session)
    return session.say(f"page.nav.{path}")


def _nowhere(session: Session, pages: Collection[str]) -> Iterator[Page]:
    """A page that says so at an address that has none, instead of Streamlit's own words."""
    asked = asked_in_vain(st.context.url, pages)
    if asked is not None:
        yield st.Page(
            partial(no_page_notice, session),
            title=session.say("page.shell.no_page_title"),
            url_path=asked,
            visibility="hidden",
        )


def _body(session: Session, path: str, view: View) -> None:
    if session.me.storage_full:
        st.warning(session.say("refusal.storage_full"), icon=":material/hard_drive:")
    try:
        views.tour.card(session, path)
        view(session)
    except ApiRefused as refused:
        refused_notice(session, refused)


def _only(language: Language, show: Callable[[], None]) -> None:
    """One screen without navigation at whatever address was asked for."""
    title = say("page.signed_out.title", language)
    paths = [path for path, _, _ in PAGES]
    asked = asked_in_vain(st.context.url, paths)
    pages = [
        st.Page(show, title=title, url_path=path, default=path == paths[0])
        for path in (*paths, *([asked] if asked else []))
    ]
    st.navigation(pages, position="hidden").run()


main()
