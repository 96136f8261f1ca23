"""What a file of runs does not say: target, today's schedule, devices and their price."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from frontend.calls import imports as calls
from frontend.calls.api import ApiRefused
from frontend.choices.import_terms import LABELS, terms_of
from frontend.components.headings import card_title
from frontend.components.markup import literal
from frontend.components.refusals import show_refusal
from frontend.planning.document import is_within
from frontend.session import Session
from frontend.views import import_stated
from planner.exchange.imports import ImportRead, ImportState
from planner.imports.terms import ImportTerms
from planner.pilots.target import Quality
from planner.pilots.workload import TARGET_METRICS
from planner.refusal import Refusal
from wording.refusals import refusal_line

CURRENCIES = ("USD", "JPY", "EUR")
_KEY = "import.terms."


def show(session: Session, state: ImportState, read: ImportRead) -> None:
    """The step of the terms; the last before everything is stored."""
    with st.container(border=True, key="card-import-terms"):
        card_title(session.say("page.import.terms_title"), session.say("page.import.terms_hint"))
        typed = {
            **_names(session, state),
            **_target(session, read, state.terms),
            **_schedules(session, state, read),
            **_devices(session, state),
        }
        if not st.button(
            session.say("page.import.import"),
            key="import.create",
            type="primary",
            **session.offer("POST /api/imports/{import_id}:create"),
        ):
            return
        try:
            calls.create(session.api, state.id, terms_of(typed))
        except Refusal as refusal:
            params = {name: str(value) for name, value in refusal.params.items()}
            field = label_of(session, refusal.field)
            st.error(literal(refusal_line(field, refusal.code, session.language, params)))
            return
        except ApiRefused as refused:
            show_refusal(session, refused)
            return
        st.rerun()


def label_of(session: Session, field: str) -> str:
    """A field of the terms as the page calls it; any other by its path."""
    known = "schedules" if is_within(field, "schedules") else field
    return session.say(f"page.import.{LABELS[known]}") if known in LABELS else field


def _names(session: Session, state: ImportState) -> dict[str, Any]:
    """What was said before, and refused, is what the fields begin with.

    The samples of an epoch are asked for where the mapping does not say them.
    """
    before, mapped = state.terms, state.mapping
    known = mapped.training_samples if mapped else None
    left, middle, right = st.columns(3)
    with left:
        name = st.text_input(
            session.say("page.import.name"),
            before.name if before else state.file_name,
            key=_KEY + "name",
        )
    with middle:
        workload = st.text_input(
            session.say("page.import.workload"),
            before.workload if before else "",
            help=session.say("page.import.workload_hint"),
            key=_KEY + "workload",
        )
    samples = known
    if known is None:
        with right:
            samples = st.number_input(
                session.say("page.import.training_samples"),
                min_value=1,
                value=before.training_samples if before else None,
                step=1,
                key=_KEY + "samples",
            )
    return {"name": name, "workload": workload, "training_samples": samples}


def _target(session: Session, read: ImportRead, before: ImportTerms | None) -> dict[str, Any]:
    said = before.target if before else None
    left, middle, right, last = st.columns(4)
    with left:
        metric = st.selectbox(
            session.say("page.import.target_metric"),
            read.metrics,
            index=_place(read.metrics, said.metric if said else None) or 0,
            key=_KEY + "metric",
        )
    with middle:
        known = TARGET_METRICS.get(metric or "")
        options = (known,) if known else ("below", "above")
        direction = st.selectbox(
            session.say("page.import.direction"),
            options,
            index=0 if known else _place(options, said.direction if said else None),
            format_func=lambda one: session.say(f"page.import.direction_{one}"),
            placeholder=session.say("page.import.please_choose"),
            key=_KEY + "direction",
        )
    with right:
        value = st.number_input(
            session.say("page.import.target_value"),
            value=said.value if said else None,
            format="%.10g",
            key=_KEY + "value",
        )
    with last:
        sustained = st.number_input(
            session.say("page.import.sustained"),
            min_value=1,
            value=said.sustained_evaluations if said else 2,
            key=_KEY + "sustained",
        )
    return {
        "metric": metric,
        "direction": direction,
        "value": value,
        "sustained": sustained,
        **_quality(session, read, before.quality if before else None),
    }


def _quality(session: Session, read: ImportRead, said: Quality | None) -> dict[str, Any]:
    known = [name for name in read.metrics if name in TARGET_METRICS]
    left, right = st.columns(2)
    with left:
        metric = st.selectbox(
            session.say("page.import.quality_metric"),
            known,
            index=_place(known, said.metric if said else None),
            placeholder=session.say("page.import.no_quality"),
            key=_KEY + "quality",
        )
    tolerance = None
    with right:
        if metric is not None:
            tolerance = st.number_input(
                session.say("page.import.tolerance"),
                min_value=0.0,
                value=said.tolerance if said else None,
                format="%.10g",
                key=_KEY + "tolerance",
            )
    return {"quality": metric, "tolerance": tolerance}


def _schedules(session: Session, state: ImportState, read: ImportRead) -> dict[str, Any]:
    before = state.terms
    names = [one.name for one in read.schedules]
    left, right = st.columns(2)
    with left:
        baseline = st.selectbox(
            session.say("page.import.baseline"),
            names,
            index=_place(names, before.baseline if before else None),
            placeholder=session.say("page.import.please_choose"),
            key=_KEY + "baseline",
        )
    others = [name for name in names if name != baseline]
    chosen = [] if baseline is None else others[:1]
    if before is not None and baseline == before.baseline:
        chosen = [name for name in before.candidates if name in others]
    with right:
        candidates = st.multiselect(
            session.say("page.import.candidates"),
            others,
            default=chosen,
            key=f"{_KEY}candidates.{baseline}",
            placeholder=session.say("page.import.please_choose"),
        )
    in_order = False
    if any(run.seed is None for run in read.runs):
        in_order = st.checkbox(
            session.say("page.import.seeds_in_order"),
            before is not None and before.seeds_in_order,
            key=_KEY + "in_order",
        )
    compared = [] if baseline is None else [baseline, *candidates]
    return {
        "baseline": baseline,
        "candidates": candidates,
        "seeds_in_order": in_order,
        "stated": import_stated.stated(session, state, read, compared),
    }


def _devices(session: Session, state: ImportState) -> dict[str, Any]:
    """Their name; what they cost, where there are times that something can cost."""
    before = state.terms
    if state.mapping is not None and state.mapping.without_time:
        device = st.text_input(
            session.say("page.import.device"), before.device if before else "", key=_KEY + "device"
        )
        nothing = dict.fromkeys(("count", "price", "included"))
        more = {"currency": CURRENCIES[0], "evaluation_s": 0.0, "without_time": True}
        return {"device": device.strip() or None, **nothing, **more}
    paid = before.hardware.rent_per_gpu_hour if before else None
    first, second, third, fourth = st.columns(4)
    with first:
        device = st.text_input(
            session.say("page.import.device"), before.device if before else "", key=_KEY + "device"
        )
    with second:
        count = st.number_input(
            session.say("page.import.device_count"),
            min_value=1,
            value=before.hardware.device_count if before else None,
            key=_KEY + "count",
        )
    with third:
        price = st.number_input(
            session.say("page.import.price"),
            min_value=0.0,
            value=paid.amount if paid else None,
            format="%.10g",
            key=_KEY + "price",
        )
    with fourth:
        currency = st.selectbox(
            session.say("page.import.currency"),
            CURRENCIES,
            index=_place(CURRENCIES, paid.currency if paid else None) or 0,
            key=_KEY + "currency",
        )
    return {
        "device": device.strip() or None,
        "without_time": False,
        "count": count,
        "price": price,
        "currency": currency,
        **_evaluations(session, before),
    }


def _evaluations(session: Session, before: ImportTerms | None) -> dict[str, Any]:
    included = st.radio(
        session.say("page.import.evaluations"),
        (True, False),
        index=_place((True, False), before.evaluations_included if before else None),
        format_func=lambda one: session.say(
            f"page.import.evaluations_{'included' if one else 'apart'}"
        ),
        horizontal=True,
        key=_KEY + "evaluations",
    )
    evaluation_s = 0.0
    if included is False:
        evaluation_s = st.number_input(
            session.say("page.import.evaluation_s"),
            min_value=0.0,
            value=before.evaluation_s if before else 0.0,
            key=_KEY + "eval_s",
        )
    return {"included": included, "evaluation_s": evaluation_s}


def _place(options: Sequence[object], said: object) -> int | None:
    """Where among the options stands what was said before; None where it was not, or is gone."""
    return options.index(said) if said in options else None
