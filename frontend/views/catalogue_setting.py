"""One published setting: its curves, what the theory says, its source, and the way into a plan."""

from typing import get_args

import streamlit as st

from frontend.components.chart_card import chart_card, csv_button, csv_bytes
from frontend.components.fields import reshaped
from frontend.components.headings import card_title
from frontend.components.markup import element, show_table, text
from frontend.components.markup import show as put
from frontend.figures.catalogue import stairs_figure
from frontend.figures.plotly_traces import Look
from frontend.planning.catalogue_start import (
    LENGTHS,
    Difference,
    difference,
    planned_form,
    with_start,
)
from frontend.planning.desk import go_to as go_to_step
from frontend.planning.document import Document, read
from frontend.session import Session, go_to
from frontend.tables.published import (
    EPOCH_COLUMNS,
    batch_words,
    epoch_rows,
    rate_words,
    title_of,
)
from frontend.views.plan_theory import covered
from planner.pilots.workload import Workload
from planner.plans.published_facts import Along, PublishedFacts, published_charts
from planner.schedules.published import PAPER_URL
from wording.charts.palette import palette
from wording.numbers import number, ratio, significant

HEIGHT_PX = 300


def show(session: Session, facts: PublishedFacts, plan: Document) -> None:
    """Everything about one setting; ``plan`` is the one that it would be taken into."""
    setting = facts.setting
    put(
        element("h2", text(f"{title_of(setting)} · {setting.data_set}"), class_="pb-section")
        + element("p", text(setting.id), class_="pb-note")
    )
    _charts(session, facts)
    with st.container(key="split-catalogue"):
        left, right = st.columns([6, 5], gap="medium")
    with left:
        _facts(session, facts)
    with right:
        _start(session, facts, plan)


def _charts(session: Session, facts: PublishedFacts) -> None:
    """Learning rate and batch size side by side, along the same axis."""
    with st.container(horizontal=True, vertical_alignment="center", key="catalogue_along"):
        along: Along = st.segmented_control(
            session.say("page.plan.along"),
            get_args(Along),
            default="epoch",
            key="catalogue.along",
            format_func=lambda name: session.say(f"page.plan.along_{name}"),
            required=True,
            label_visibility="collapsed",
        )
        effective = st.toggle(session.say("page.plan.effective"), key="catalogue.effective")
    charts = published_charts(facts, along=along, effective=effective)
    with st.container(key="split-catalogue-charts"):
        columns = st.columns(2, gap="medium")
    for column, chart in zip(columns, charts, strict=True):
        look = Look(
            palette=palette(dark=session.dark),
            language=session.language,
            main=chart.series[0].name,
            height_px=HEIGHT_PX,
        )
        with column:
            chart_card(
                session,
                chart,
                stairs_figure(chart, look),
                subtitle=session.say(f"chart.{chart.key}.subtitle"),
                title=session.say(f"chart.axis.{chart.y.label}").capitalize(),
            )


def _facts(session: Session, facts: PublishedFacts) -> None:
    """What it asks for, and what the theory says of it: a ranking, never a time."""
    with st.container(border=True, key="card-catalogue-facts"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap=None):
            card_title(session.say("page.catalogue.facts"))
            csv_button(
                session,
                "published-setting",
                lambda: csv_bytes(EPOCH_COLUMNS, epoch_rows(facts)),
                session.say("page.catalogue.every_epoch"),
            )
        rows = [
            element("tr", element("th", text(name), scope="row"), element("td", text(value)))
            for name, value in _told(session, facts)
        ]
        table = element("table", element("tbody", *rows), class_="pb-grid")
        show_table(table, label=session.say("page.catalogue.facts"))
        put(
            element("p", text(session.say("page.catalogue.theory_note")), class_="pb-note")
            + element(
                "p",
                text(session.say(f"page.plan.theory_{facts.plan.theory.family}")),
                class_="pb-note",
            )
            + element(
                "p",
                text(session.say("page.catalogue.source", source=facts.setting.source)),
                " ",
                element("a", text(PAPER_URL), href=PAPER_URL, target="_blank", rel="noreferrer"),
                class_="pb-note",
            )
        )


def _told(session: Session, facts: PublishedFacts) -> list[tuple[str, str]]:
    language, setting, plan = session.language, facts.setting, facts.plan
    rates, shape = rate_words(setting, language)
    last = plan.stages[-1].batch_size
    values = {
        "case": session.say(f"page.catalogue.case_{setting.case}"),
        "run": session.say(
            "page.catalogue.run_value",
            samples=setting.training_samples,
            epochs=setting.epochs,
            stages=len(plan.stages),
        ),
        "form": session.say(f"page.plan.momentum_{setting.momentum_form}"),
        "batch": batch_words(setting, last, language),
        "rate": f"{rates} · {shape}",
        "momentum": number(setting.schedule.momentum.value, language, decimals=2),
        "steps": number(plan.work.steps, language),
        "summed": significant(plan.work.summed_effective_rate, language),
        "bias": significant(plan.theory.terms.bias, language),
        "variance": significant(plan.theory.terms.variance, language),
        "covered": covered(session, plan.theory.limits),
    }
    return [(session.say(f"page.catalogue.column_{name}"), told) for name, told in values.items()]


def _start(session: Session, facts: PublishedFacts, plan: Document) -> None:
    """What differs in the plan at hand, how that is met, and the way into it."""
    named = read(plan, "pilot.workload")
    known = {found.workload.name: found.workload for found in session.api.workloads()}
    workload = known.get(str(named))
    found = difference(facts.setting, plan, workload)
    with st.container(border=True, key="card-catalogue-start"):
        name = str(read(plan, "pilot.name") or session.say("page.plan.unnamed"))
        card_title(
            session.say("page.catalogue.start"), session.say("page.catalogue.start_hint", plan=name)
        )
        _warnings(session, facts, found, workload)
        length = LENGTHS[0]
        if found.epochs is not None:
            length = st.radio(
                session.say("page.catalogue.length"),
                LENGTHS,
                key="catalogue.length",
                format_func=lambda one: session.say(
                    f"page.catalogue.length_{one}",
                    epochs=found.epochs or 0,
                    own=facts.setting.epochs,
                ),
            )
        converted = found.effective_factor != 1 and st.toggle(
            session.say(
                "page.catalogue.convert",
                form=session.say(f"page.plan.momentum_{planned_form(plan)}"),
            ),
            value=True,
            key="catalogue.convert",
            help=session.say("page.catalogue.convert_hint"),
        )
        if st.button(
            session.say("page.catalogue.use"),
            key="catalogue.use",
            type="primary",
            icon=":material/edit_calendar:",
        ):
            made = with_start(plan, facts.setting, length=length, converted=converted)
            reshaped(made)
            st.session_state["plan.place"] = len(read(made, "pilot.schedules")) - 1
            go_to_step(2)
            go_to("plan")


def _warnings(
    session: Session, facts: PublishedFacts, found: Difference, workload: Workload | None
) -> None:
    setting = facts.setting
    said = []
    if found.training_samples is not None and workload is not None:
        said.append(
            session.say(
                "page.catalogue.other_samples",
                workload=workload.name,
                planned=found.training_samples,
                published=setting.training_samples,
            )
        )
    if found.epochs is not None:
        said.append(
            session.say(
                "page.catalogue.other_epochs", planned=found.epochs, published=setting.epochs
            )
        )
    if found.effective_factor != 1:
        said.append(
            session.say(
                "page.catalogue.other_form",
                form=session.say(f"page.plan.momentum_{setting.momentum_form}"),
                factor=ratio(found.effective_factor, session.language, decimals=1),
            )
        )
    for sentence in said:
        put(element("p", text(sentence), class_="pb-remark pb-warning"))
