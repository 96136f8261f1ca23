"""Step 2 of a plan: schedules by preset or by a table of stages, drawn while they are written."""

from typing import Any

import streamlit as st

from frontend.components.fields import Fields, current, generation, reshaped
from frontend.components.headings import card_title
from frontend.components.markup import literal
from frontend.components.schedule_download import schedule_download
from frontend.planning.desk import Judgement
from frontend.planning.form import (
    plan_request,
    with_baseline,
    with_copy,
    with_preset,
    without_schedule,
)
from frontend.planning.schedule_form import PRESETS
from frontend.planning.stage_devices import renamed
from frontend.session import go_to
from frontend.views.momentum_fields import momentum_fields
from frontend.views.plan_control import control_offer
from frontend.views.plan_devices import stage_devices
from frontend.views.plan_growth import growth_wizard
from frontend.views.plan_preview import preview_card, work_card
from frontend.views.plan_theory import theory_card
from frontend.views.rate_fields import rate_fields
from frontend.views.schedule_fields import batch_fields

_PLACE = "plan.place"


def show(fields: Fields, judgement: Judgement) -> None:
    """Draws the step."""
    schedules: list[dict[str, Any]] = fields.read("pilot.schedules")
    place = min(st.session_state.get(_PLACE, 1), len(schedules) - 1)
    with st.container(key="split-schedules"):
        left, right = st.columns([5, 6], gap="medium")
    with left:
        place = _chosen(fields, schedules, place)
        _schedule(fields, judgement, schedules, place)
    with right:
        preview_card(fields, judgement, chosen=str(schedules[place]["name"]))
        if judgement.facts is not None and not judgement.problems:
            pilot = plan_request(judgement.document).pilot
            schedule_download(fields.session, pilot, str(schedules[place]["name"]))
        work_card(fields, judgement)
        theory_card(fields, judgement)


def _chosen(fields: Fields, schedules: list[dict[str, Any]], place: int) -> int:
    """Which schedule is edited, and the way to add another."""
    with st.container(border=True, key="card-plan-schedules"):
        card_title(fields.words("schedules"), fields.words("schedules_hint"))
        st.session_state["plan.places"] = place
        st.pills(
            fields.words("schedules"),
            range(len(schedules)),
            key="plan.places",
            format_func=lambda other: literal(
                str(schedules[other]["name"] or fields.words("unnamed"))
            ),
            required=True,
            label_visibility="collapsed",
            on_change=_choose,
        )
        fields.said_exactly("pilot.schedules")
        preset, add = st.columns([3, 1], vertical_alignment="bottom")
        with preset:
            st.selectbox(
                fields.words("preset"),
                PRESETS,
                key="plan.preset",
                format_func=lambda name: fields.words(f"preset_{name}"),
            )
        with add:
            st.button(
                fields.words("add"),
                icon=":material/add:",
                key="plan.add",
                on_click=_add,
                args=(fields,),
                width="stretch",
            )
        growth_wizard(fields, place_key=_PLACE)
        if st.button(
            fields.words("catalogue"),
            icon=":material/menu_book:",
            key="plan.catalogue",
            type="tertiary",
        ):
            go_to("catalogue")
    return place


def _choose() -> None:
    st.session_state[_PLACE] = st.session_state["plan.places"]
    reshaped(current())


def _add(fields: Fields) -> None:
    preset = st.session_state["plan.preset"]
    document = with_preset(current(), preset, name=fields.words(f"preset_{preset}"))
    st.session_state[_PLACE] = len(document["pilot"]["schedules"]) - 1
    reshaped(document)


def _schedule(
    fields: Fields, judgement: Judgement, schedules: list[dict[str, Any]], place: int
) -> None:
    path = f"pilot.schedules[{place}]"
    with st.container(border=True, key="card-plan-schedule"):
        name, today = st.columns([3, 2], vertical_alignment="bottom")
        with name:
            several = bool(fields.read("pilot.devices"))
            fields.text(
                f"{path}.name",
                fields.words("schedule_name"),
                change=(lambda plan, name: renamed(plan, place, name)) if several else None,
            )
        baseline = schedules[place].get("role") == "baseline"
        if baseline:
            with today:
                fields.note(fields.words("is_baseline"))
        else:
            today.button(
                fields.words("make_baseline"),
                key="plan.make_baseline",
                on_click=lambda: reshaped(with_baseline(current(), place)),
                width="stretch",
            )
        fields.said_exactly(path)
        rate_fields(fields, path)
        batch_fields(fields, path, table_key=f"{generation()}.{place}")
        momentum_fields(fields, path)
        stage_devices(fields, judgement, schedules[place])
        own_epochs = schedules[place].get("epochs")
        if own_epochs:
            fields.note(fields.words("own_epochs", epochs=own_epochs))
        if not baseline:
            control_offer(fields, place)
        copy, remove = st.columns(2)
        copy.button(
            fields.words("duplicate"),
            icon=":material/content_copy:",
            key="plan.duplicate",
            type="tertiary",
            on_click=_copy,
            args=(place,),
        )
        remove.button(
            fields.words("remove"),
            icon=":material/delete:",
            key="plan.remove",
            disabled=baseline,
            type="tertiary",
            on_click=_remove,
            args=(place,),
        )


def _copy(place: int) -> None:
    document = with_copy(current(), place)
    st.session_state[_PLACE] = len(document["pilot"]["schedules"]) - 1
    reshaped(document)


def _remove(place: int) -> None:
    st.session_state[_PLACE] = max(place - 1, 0)
    reshaped(without_schedule(current(), place))
