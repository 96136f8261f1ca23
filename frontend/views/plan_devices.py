"""How many devices train each stage of a schedule, and the way from a review's plan of them."""

from typing import Any

import streamlit as st

from frontend.components.fields import Fields
from frontend.planning import desk
from frontend.planning.desk import Judgement
from frontend.planning.document import Document
from frontend.planning.form import Step
from frontend.planning.stage_devices import counts_of, place_of, with_count, with_counts
from frontend.session import Session, go_to
from frontend.tables.what_if import handed_over, plan_name
from planner.exchange.states import PilotState
from planner.projections.what_if_values import DevicePlan, WhatIf
from planner.reviews.schedule_review import ScheduleReview
from planner.schedules.schedule import Stage
from wording.numbers import number

MOST_SHOWN = 12
"""Stages with a field of their own; the devices of the last hold for those after it."""

_IN_A_ROW = 4
_SCHEDULES_STEP: Step = 2


def stage_devices(fields: Fields, judgement: Judgement, schedule: dict[str, Any]) -> None:
    """A switch, and a number for every stage once it is on."""
    name = str(schedule["name"])
    stages = _stages(judgement, name)
    shown = min(len(stages), MOST_SHOWN)
    if not shown:
        return

    def turned(document: Document, wanted: bool) -> Document:
        return with_counts(document, name, [1] * shown if wanted else None)

    place = place_of(fields.document, name)
    several = fields.flag(
        "pilot.devices",
        fields.words("stage_devices"),
        on=place is not None,
        change=turned,
        hint=fields.words("stage_devices_hint"),
    )
    if not several or place is None:
        return
    fields.said_exactly("pilot.devices", f"pilot.devices[{place}]")
    counts = counts_of(fields.document, name, stages=shown)
    for first in range(0, shown, _IN_A_ROW):
        columns = st.columns(_IN_A_ROW)
        for stage in range(first, min(first + _IN_A_ROW, shown)):
            with columns[stage - first]:
                _field(fields, name, stages, stage, shown=counts, path=f"pilot.devices[{place}]")
    own = fields.read(f"pilot.devices[{place}].counts") or ()
    if len(stages) > shown >= len(own):
        fields.note(fields.words("stage_devices_last", stages=shown))


def _field(
    fields: Fields,
    name: str,
    stages: tuple[Stage, ...],
    stage: int,
    *,
    shown: list[int | None],
    path: str,
) -> None:
    def typed(document: Document, count: int | None) -> Document:
        return with_count(document, name, count, stage=stage, stages=len(shown))

    language = fields.session.language
    size = number(stages[stage].batch_size, language)
    fields.whole(
        f"{path}.counts[{stage}]",
        fields.words("stage_devices_of", stage=number(stage + 1, language), batch=size),
        shown=shown[stage],
        change=typed,
    )


def _stages(judgement: Judgement, name: str) -> tuple[Stage, ...]:
    """Stages of a schedule as the API laid them out last; none before it did."""
    planned = () if judgement.facts is None else judgement.facts.schedules
    return next((one.stages for one in planned if one.schedule == name), ())


def hand_over(session: Session, state: PilotState, reviewed: ScheduleReview, found: WhatIf) -> None:
    """Which of the plans of devices a new pilot takes, and the way to it."""
    plans = handed_over(found)
    if not plans:
        return
    which = st.selectbox(
        session.say("page.plan.devices_from"),
        range(len(plans)),
        key="plan.devices.which",
        format_func=lambda place: plan_name(plans[place], session.language),
    )
    pressed = st.button(
        session.say("page.plan.devices_take"),
        key="plan.devices.take",
        icon=":material/add:",
    )
    if pressed:
        _begin(session, state, reviewed.schedule, plans[which])
        go_to("plan")


def _begin(session: Session, state: PilotState, schedule: str, plan: DevicePlan) -> None:
    def planned(document: Document) -> Document:
        return with_counts(document, schedule, plan.device_counts)

    desk.begin_from(session, state.pilot, change=planned, step=_SCHEDULES_STEP)
