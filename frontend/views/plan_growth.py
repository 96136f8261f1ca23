"""The way to the default candidate: how today's batch grows, what the rate does, what it takes."""

from typing import get_args

import streamlit as st

from frontend.components.fields import Fields, current, reshaped
from frontend.planning.document import read, written
from frontend.planning.form import baseline_place
from frontend.planning.grow_today import Grown, Growth, grown, holds, with_grown
from frontend.planning.schedule_form import LARGEST_GROWN_FACTOR, first_batch_size
from planner.schedules.presets import PRESET_STAGES
from planner.schedules.rate_to_batch import BatchRule
from wording.numbers import number, significant

RULES: tuple[BatchRule | str, ...] = (
    "none",
    *(rule for rule in get_args(BatchRule) if rule != "power"),
)
MOST_STAGES = 20

_WIZARD = "plan.grow"
"""Whether the wizard is open."""


def growth_wizard(fields: Fields, *, place_key: str) -> None:
    """A popover that asks, shows what would come of it, and adds it.

    Args:
        fields: Of the plan.
        place_key: Where the page keeps which schedule is edited.
    """
    workload = fields.read("pilot.workload")
    known = (state.workload for state in fields.session.api.workloads())
    trained = next((found for found in known if found.name == workload), None)
    if trained is None:
        return
    schedules = fields.read("pilot.schedules")
    today = schedules[baseline_place(schedules)]
    wizard = st.popover(
        fields.words("grow"),
        icon=":material/trending_up:",
        key=_WIZARD,
        on_change="rerun",
        width="stretch",
    )
    with wizard:
        growth = _asked(fields, first_batch_size(today["batch_size"]))
        epochs = max(1, int(today.get("epochs") or fields.read("pilot.budget.epochs") or 1))
        made = grown(
            today,
            growth,
            epochs=epochs,
            training_samples=trained.training_samples,
            name=fields.words("preset_grow_from_today"),
        )
        if made is None:
            fields.refusal(fields.words("grow_impossible"))
            return
        if not made.grows:
            first = number(made.batch_sizes[0], fields.session.language)
            fields.refusal(fields.words("grow_not", size=first))
            return
        _shown(fields, made, asked=growth.stages, epochs=epochs)
        added = holds(schedules, made)
        if added:
            fields.note(fields.words("grow_added"))
        st.button(
            fields.words("grow_add"),
            icon=":material/add:",
            key="plan.grow.add",
            type="primary",
            disabled=added,
            on_click=_add,
            args=(made, place_key),
        )


def _asked(fields: Fields, first: int) -> Growth:
    stages, factor = st.columns(2)
    count: int = stages.number_input(
        fields.words("grow_stages"), 2, MOST_STAGES, PRESET_STAGES, key="plan.grow.stages"
    )
    times: float = factor.number_input(
        fields.words("batch_factor"), 1.0, 16.0, 2.0, step=0.5, format="%.4g", key="plan.grow.times"
    )
    largest: int = st.number_input(
        fields.words("batch_maximum"),
        1,
        None,
        first * LARGEST_GROWN_FACTOR,
        key=f"plan.grow.largest.{first}",
    )
    rule: str = st.selectbox(
        fields.words("to_batch"),
        RULES,
        key="plan.grow.rule",
        format_func=lambda name: fields.words(f"to_batch_{name}"),
    )
    ramp_epochs = 0.0
    if rule != "none":
        ramp_epochs = st.number_input(
            fields.words("to_batch_ramp"), 0.0, None, 0.5, step=0.5, key="plan.grow.ramp"
        )
    return Growth(
        stages=count,
        factor=times,
        largest=largest,
        rule="linear" if rule == "linear" else "square_root" if rule == "square_root" else None,
        ramp_epochs=ramp_epochs,
    )


def _shown(fields: Fields, made: Grown, *, asked: int, epochs: int) -> None:
    """The stages and what they take, before anything is added."""
    language = fields.session.language
    sizes = " → ".join(number(size, language) for size in made.sizes_shown)
    every = number(made.schedule.batch_size.every_epochs or epochs, language)
    fields.note(fields.words("grow_stages_shown", sizes=sizes, epochs=every))
    stages = len(made.batch_sizes)
    if stages != asked:
        run = number(epochs, language)
        fields.note(fields.words("grow_fewer", asked=asked, stages=stages, epochs=run))
    fields.note(
        fields.words(
            "grow_steps",
            steps=number(made.steps, language),
            today=number(made.steps_today, language),
            factor=significant(made.steps / made.steps_today, language),
        )
    )


def _add(made: Grown, place_key: str) -> None:
    document = current()
    schedules = read(document, "pilot.schedules")
    taken = [schedule["name"] for schedule in schedules]
    st.session_state[place_key] = len(schedules)
    st.session_state[_WIZARD] = False
    reshaped(written(document, "pilot.schedules", with_grown(schedules, made, taken=taken)))
