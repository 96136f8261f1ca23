"""What the schedules of a plan will do, drawn while they are written, and their effort."""

from typing import get_args

import streamlit as st

from frontend.components.fields import Fields
from frontend.components.headings import card_title
from frontend.components.markup import element, show_table, text
from frontend.components.terms import head_cell
from frontend.figures.plotly_charts import CONFIG
from frontend.figures.preview import Along, preview_figure
from frontend.planning.desk import Judgement
from planner.plans.plan_facts import PlanFacts, SchedulePlan
from wording.charts.palette import palette
from wording.charts.scales import scale_of
from wording.numbers import number, significant
from wording.times import duration


def preview_card(fields: Fields, judgement: Judgement, *, chosen: str) -> None:
    """Learning rate and batch size of every schedule."""
    with st.container(border=True, key="card-plan-preview"):
        card_title(fields.words("preview"), fields.words("preview_hint"))
        along: Along = st.segmented_control(
            fields.words("along"),
            get_args(Along),
            default="epoch",
            key="plan.along",
            format_func=lambda name: fields.words(f"along_{name}"),
            required=True,
            label_visibility="collapsed",
            width="stretch",
        )
        effective = st.toggle(fields.words("effective"), key="plan.effective")
        facts = judgement.facts
        if facts is None:
            fields.note(fields.words("no_facts"))
            return
        said_of_last(fields, judgement)
        if along == "time_s" and facts.preview_device is None:
            fields.note(fields.words("along_time_unknown"))
            return
        _curves(fields, facts, chosen=chosen, along=along, effective=effective)
        if along == "time_s":
            measured = "along_time_of" if facts.hardware_measured else "along_time_of_other"
            fields.note(fields.words(measured, device=facts.preview_device or ""))


def said_of_last(fields: Fields, judgement: Judgement) -> None:
    """That what follows is not of the plan as it stands, where that cannot be run."""
    if judgement.problems:
        fields.note(fields.words("facts_of_last"))


def _curves(
    fields: Fields, facts: PlanFacts, *, chosen: str, along: Along, effective: bool
) -> None:
    rate = "effective_learning_rate" if effective else "learning_rate"
    counted = fields.words(f"along_{along}")
    unit_size = 1.0
    if along == "time_s":
        longest_s = max((plan.preview.time_s or (0.0,))[-1] for plan in facts.schedules)
        scale = scale_of("s", longest_s, fields.session.language)
        unit_size, counted = scale.factor, f"{counted} ({scale.unit})"
    figure = preview_figure(
        facts.schedules,
        chosen=chosen,
        along=along,
        rate_column=rate,
        titles=(fields.words(f"panel_{rate}"), fields.words("panel_batch_size"), counted),
        palette=palette(dark=fields.session.dark),
        unit_size=unit_size,
    )
    st.plotly_chart(figure, key="plan.preview", config=CONFIG, theme=None)


def work_card(fields: Fields, judgement: Judgement) -> None:
    """How much training each schedule asks for; unequal effort is not a fair race."""
    if judgement.facts is None:
        return
    columns = ("schedule", "steps", "samples", "rate", "time")
    heads = [fields.words(f"work_{name}") for name in columns]
    head = element("tr", *[head_cell(name, fields.session.language) for name in heads])
    rows = [element("tr", *_work_row(fields, plan)) for plan in judgement.facts.schedules]
    table = element("table", element("thead", head), element("tbody", *rows), class_="pb-grid")
    with st.container(border=True, key="card-plan-work"):
        card_title(fields.words("work"), fields.words("work_hint"))
        said_of_last(fields, judgement)
        show_table(table, label=fields.words("work"))


def _work_row(fields: Fields, plan: SchedulePlan) -> list[str]:
    language = fields.session.language
    unknown = fields.words("unknown")
    time = unknown if plan.run_time_s is None else duration(plan.run_time_s, language)
    cells = (
        number(plan.work.steps, language),
        number(plan.work.samples, language),
        significant(plan.work.summed_effective_rate, language),
        time,
    )
    name = element("th", text(plan.schedule), scope="row")
    return [name, *(element("td", text(cell)) for cell in cells)]
