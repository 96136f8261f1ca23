"""A schedule of a pilot, taken home as code for a trainer or as a file to read back."""

import streamlit as st

from frontend.components.markup import element, show, text
from frontend.session import Session
from planner.exports.export_request import ExportForm, ExportRequest, exported_name
from planner.pilots.pilot import Pilot

EVERY_SCHEDULE: tuple[ExportForm, ...] = ("pytorch", "lightning", "hugging_face", "yaml", "json")
"""What takes every schedule; trainers that refuse some are left to the command."""


def schedule_download(
    session: Session, pilot: Pilot, schedule: str, *, rate_multiplier: float = 1.0
) -> None:
    """A choice of trainers and a button; the file is made when it is pressed.

    Args:
        session: Of the reader.
        pilot: That the API accepts.
        schedule: Name of one of its schedules.
        rate_multiplier: Factor on its whole rate curve.
    """
    with st.popover(session.say("page.export.title"), icon=":material/code:"):
        hint = session.say("page.export.hint", schedule=schedule)
        show(element("p", text(hint), class_="pb-note"))
        to: ExportForm = st.selectbox(
            session.say("page.export.to"),
            EVERY_SCHEDULE,
            key="export.to",
            format_func=lambda name: session.say(f"page.export.to_{name}"),
        )
        request = ExportRequest(
            schedule=next(found for found in pilot.schedules if found.name == schedule),
            to=to,
            epochs=pilot.budget.epochs,
            workload=pilot.workload,
            momentum_form=pilot.momentum_form,
            rate_multiplier=rate_multiplier,
        )
        st.download_button(
            session.say("page.export.download"),
            lambda: session.api.post(bytes, "/api/schedules:export", request),
            file_name=exported_name(schedule, to),
            mime="text/plain",
            key="export.download",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )
