"""Reports that were made before: what each is of, its hashes, and its file again."""

from collections.abc import Sequence

import streamlit as st

from frontend.calls import reports as report_calls
from frontend.components.headings import card_title
from frontend.components.markup import element, text
from frontend.components.markup import show as show_markup
from frontend.session import Session, local
from planner.exchange.report_files import ReportState
from wording.numbers import number
from wording.times import moment

HASH_SHOWN = 12
HASHES = ("sha256", "data_sha256", "assumptions_sha256")
BYTES_PER_KB = 1000
WITHOUT_WORDS = ("csv", "json")
"""Formats whose files are the same in every language."""


def made_before(session: Session, reports: Sequence[ReportState]) -> None:
    """The list, newest first, or that there is nothing in it."""
    with st.container(border=True, key="card-reports-list"):
        title = session.say("page.reports.list_title")
        if not reports:
            card_title(title, session.say("page.reports.none"))
            return
        card_title(title, session.say("page.reports.list_hint"))
        for report in reports:
            with st.container(
                key=f"report-{report.number}",
                horizontal=True,
                vertical_alignment="center",
                wrap=False,
            ):
                show_markup(_told(session, report))
                _again(session, report)


def _again(session: Session, report: ReportState) -> None:
    st.download_button(
        session.say("page.reports.again"),
        lambda: report_calls.content(session.api, report.number),
        file_name=report.file_name,
        key=f"reports.again.{report.number}",
        icon=":material/download:",
        on_click="ignore",
        help=session.say("page.reports.again_help", name=report.file_name),
    )


def _told(session: Session, report: ReportState) -> str:
    """One report in three lines: the file, who made it of what, and what names its contents."""
    language = session.language
    spoken = report.format not in WITHOUT_WORDS
    kilobytes = number(max(1, round(report.size_bytes / BYTES_PER_KB)), language)
    made = (
        moment(local(report.made_at), language),
        report.made_by,
        session.say("page.reports.about", schedule=report.schedule),
        *((session.say(f"page.shell.language_{report.language}"),) if spoken else ()),
        session.say("page.reports.size", size=kilobytes),
        session.say("page.reports.version", version=report.code_version),
    )
    return element(
        "div",
        element(
            "p",
            element(
                "span", text(session.say(f"page.reports.format_{report.format}")), class_="pb-pill"
            ),
            element("b", text(report.file_name)),
        ),
        element("p", " · ".join(element("bdi", text(part)) for part in made), class_="pb-muted"),
        element("p", *(_hash(session, report, name) for name in HASHES), class_="pb-muted"),
        class_="pb-report",
    )


def _hash(session: Session, report: ReportState, name: str) -> str:
    whole: str = getattr(report, name)
    code = element("code", text(whole[:HASH_SHOWN]), title=whole)
    return element("span", text(session.say(f"page.reports.{name}")), " ", code)
