"""A control of equal effort: offered below a candidate, added as one more schedule."""

from collections.abc import Mapping
from typing import Any, get_args

import streamlit as st

from frontend.calls.api import ApiRefused
from frontend.components.fields import Fields, current, reshaped
from frontend.components.markup import literal
from frontend.planning.document import read
from frontend.planning.form import baseline_place, with_control
from frontend.planning.schedule_form import free_name
from planner.plans.equal_effort import Effort
from wording.refusals import refusal_sentence
from wording.sentences import together

_EFFORT, _REFUSED = "plan.control.effort", "plan.control.refused"


def control_offer(fields: Fields, place: int) -> None:
    """Which effort is to be equal, and the way to add the control."""
    effort, add = st.columns([3, 2], vertical_alignment="bottom")
    with effort:
        st.selectbox(
            fields.words("control"),
            get_args(Effort),
            key=_EFFORT,
            format_func=lambda name: fields.words(f"control_{name}"),
            help=fields.words("control_hint"),
        )
    with add:
        st.button(
            fields.words("control_add"),
            icon=":material/balance:",
            key="plan.control.add",
            on_click=_add,
            args=(fields, place),
            width="stretch",
        )
    refused = st.session_state.pop(_REFUSED, None)
    if refused:
        st.warning(literal(refused))


def _add(fields: Fields, place: int) -> None:
    document, effort = current(), st.session_state[_EFFORT]
    try:
        control = fields.session.api.control(_request(fields, place, effort))
    except ApiRefused as refused:
        language = fields.session.language
        st.session_state[_REFUSED] = together(
            refusal_sentence(found.code, language, found.params) for found in refused.problems
        )
        return
    made = with_control(document, control.schedule)
    st.session_state["plan.place"] = len(made["pilot"]["schedules"]) - 1
    reshaped(made)


def _request(fields: Fields, place: int, effort: Effort) -> Mapping[str, Any]:
    pilot = read(current(), "pilot")
    schedules = pilot["schedules"]
    candidate, baseline = schedules[place], schedules[baseline_place(schedules)]
    name = fields.words(
        "control_name",
        baseline=baseline["name"],
        candidate=candidate["name"],
        effort=fields.words(f"control_{effort}"),
    )
    taken = [schedule["name"] for schedule in schedules]
    return {
        "pilot": pilot,
        "candidate": candidate["name"],
        "effort": effort,
        "name": free_name(name, taken),
    }
