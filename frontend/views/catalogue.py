"""The catalogue of published settings: searched, looked at, taken as a start."""

from collections.abc import Sequence
from typing import get_args

import streamlit as st

from frontend.calls.catalogue import published_setting, published_settings
from frontend.components.chart_card import csv_button, csv_bytes
from frontend.components.headings import page_title
from frontend.components.markup import show as put
from frontend.planning import desk as plan_desk
from frontend.planning.desk import DRAFT_PARAM
from frontend.session import Session, link, linked, publish
from frontend.tables.published import CSV_COLUMNS, SETTING_PARAM, catalogue_table, csv_rows
from frontend.views import catalogue_setting
from planner.plans.published_facts import PublishedState
from planner.schedules.theory import Family

SEARCH_PARAM, FAMILY_PARAM, DATA_SET_PARAM = "find", "family", "data_set"
"""In the link; what the list of pilots looks for has a name of its own."""


def show(session: Session) -> None:
    """Draws the page."""
    page_title(session.say("page.catalogue.title"), session.say("page.catalogue.subtitle"))
    plan = plan_desk.document_at_hand(session)
    publish({DRAFT_PARAM: plan_desk.kept_id()})
    known = published_settings(session.api)
    search, family, data_set = _filters(session, known)
    found = published_settings(session.api, search=search, family=family, data_set=data_set)
    if not found:
        st.write(session.say("page.catalogue.none_found"))
        return
    shown = _shown(found)
    kept = {
        SEARCH_PARAM: search,
        FAMILY_PARAM: family,
        DATA_SET_PARAM: data_set,
        DRAFT_PARAM: plan_desk.kept_id(),
    }
    links = {name: value for name, value in kept.items() if value}
    put(catalogue_table(found, shown, links, session.language))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(session.say("page.catalogue.found", found=len(found), of=len(known)))
        csv_button(
            session,
            "published-settings",
            lambda: csv_bytes(CSV_COLUMNS, csv_rows(found)),
            session.say("page.catalogue.title"),
        )
    catalogue_setting.show(session, published_setting(session.api, shown), plan)


def _filters(
    session: Session, known: Sequence[PublishedState]
) -> tuple[str, str | None, str | None]:
    """What is looked for; kept in the link."""
    data_sets = list(dict.fromkeys(state.setting.data_set for state in known))
    families = [
        family for family in get_args(Family) if family in {state.family for state in known}
    ]
    with st.container(horizontal=True, vertical_alignment="bottom", key="catalogue_filters"):
        search = st.text_input(
            session.say("page.catalogue.search"),
            value=linked(SEARCH_PARAM) or "",
            key="catalogue.search",
            icon=":material/search:",
            max_chars=200,
            width=280,
        )
        family = _filter(session, FAMILY_PARAM, families, width=320)
        data_set = _filter(session, DATA_SET_PARAM, data_sets, width=220)
    link(SEARCH_PARAM, search or None)
    return search or "", family, data_set


def _filter(session: Session, name: str, values: Sequence[str], *, width: int) -> str | None:
    wanted = linked(name)
    offered = ["", *values]

    def words(value: str) -> str:
        if not value:
            return session.say("page.catalogue.all")
        return session.say(f"page.catalogue.family_{value}") if name == FAMILY_PARAM else value

    chosen = st.selectbox(
        session.say(f"page.catalogue.{name}"),
        offered,
        index=offered.index(wanted) if wanted in offered else 0,
        key=f"catalogue.{name}",
        format_func=words,
        width=width,
    )
    link(name, chosen or None)
    return chosen or None


def _shown(found: Sequence[PublishedState]) -> str:
    """The setting that the link names, if it is in the list; else the first."""
    named = linked(SETTING_PARAM)
    names = [state.setting.id for state in found]
    return named if named in names else names[0]
