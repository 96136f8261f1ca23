"""What a file of runs does not say: target, today's schedule, devices and their price."""

from typing import Any

import streamlit as st

from frontend.calls import imports as calls
from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.session import Session
from frontend.views import price_said
from planner.economics.assumptions import Assumptions
from planner.exchange.imports import ImportRead, ImportState
from planner.imports.terms import ImportTerms, check_said
from planner.money import Money
from planner.pilots.pilot import HardwareChoice
from planner.pilots.target import Quality, Target
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
            **_target(session, read),
            **_schedules(session, read),
            **_devices(session),
        }
        if not st.button(
            session.say("page.import.import"),
            key="import.create",
            type="primary",
            **session.offer("POST /api/imports/{import_id}:create"),
        ):
            return
        try:
            calls.create(session.api, state.id, _terms(typed))
        except Refusal as refusal:
            params = {name: str(value) for name, value in refusal.params.items()}
            st.error(refusal_line(refusal.field, refusal.code, session.language, params))
            return
        except ApiRefused as refused:
            price_said.refused(session, refused)
            return
        st.rerun()


def _names(session: Session, state: ImportState) -> dict[str, Any]:
    left, middle, right = st.columns(3)
    with left:
        name = st.text_input(session.say("page.import.name"), state.file_name, key=_KEY + "name")
    with middle:
        workload = st.text_input(
            session.say("page.import.workload"),
            help=session.say("page.import.workload_hint"),
            key=_KEY + "workload",
        )
    with right:
        samples = st.number_input(
            session.say("page.import.training_samples"),
            min_value=1,
            value=state.mapping.training_samples if state.mapping else None,
            step=1,
            key=_KEY + "samples",
        )
    return {"name": name, "workload": workload, "training_samples": samples}


def _target(session: Session, read: ImportRead) -> dict[str, Any]:
    left, middle, right, last = st.columns(4)
    with left:
        metric = st.selectbox(
            session.say("page.import.target_metric"), read.metrics, key=_KEY + "metric"
        )
    with middle:
        known = TARGET_METRICS.get(metric or "")
        options = (known,) if known else ("below", "above")
        direction = st.selectbox(
            session.say("page.import.direction"),
            options,
            index=0 if known else None,
            format_func=lambda one: session.say(f"page.import.direction_{one}"),
            placeholder=session.say("page.import.please_choose"),
            key=_KEY + "direction",
        )
    with right:
        value = st.number_input(
            session.say("page.import.target_value"),
            value=None,
            format="%.10g",
            key=_KEY + "value",
        )
    with last:
        sustained = st.number_input(
            session.say("page.import.sustained"), min_value=1, value=2, key=_KEY + "sustained"
        )
    return {
        "metric": metric,
        "direction": direction,
        "value": value,
        "sustained": sustained,
        **_quality(session, read),
    }


def _quality(session: Session, read: ImportRead) -> dict[str, Any]:
    known = [name for name in read.metrics if name in TARGET_METRICS]
    left, right = st.columns(2)
    with left:
        metric = st.selectbox(
            session.say("page.import.quality_metric"),
            known,
            index=None,
            placeholder=session.say("page.import.no_quality"),
            key=_KEY + "quality",
        )
    tolerance = None
    with right:
        if metric is not None:
            tolerance = st.number_input(
                session.say("page.import.tolerance"),
                min_value=0.0,
                value=None,
                format="%.10g",
                key=_KEY + "tolerance",
            )
    return {"quality": metric, "tolerance": tolerance}


def _schedules(session: Session, read: ImportRead) -> dict[str, Any]:
    names = [one.name for one in read.schedules]
    left, right = st.columns(2)
    with left:
        baseline = st.selectbox(
            session.say("page.import.baseline"),
            names,
            index=None,
            placeholder=session.say("page.import.please_choose"),
            key=_KEY + "baseline",
        )
    others = [name for name in names if name != baseline]
    with right:
        candidates = st.multiselect(
            session.say("page.import.candidates"),
            others,
            default=[] if baseline is None else others[:1],
            key=f"{_KEY}candidates.{baseline}",
            placeholder=session.say("page.import.please_choose"),
        )
    in_order = False
    if any(run.seed is None for run in read.runs):
        in_order = st.checkbox(session.say("page.import.seeds_in_order"), key=_KEY + "in_order")
    return {"baseline": baseline, "candidates": candidates, "seeds_in_order": in_order}


def _devices(session: Session) -> dict[str, Any]:
    first, second, third, fourth = st.columns(4)
    with first:
        device = st.text_input(session.say("page.import.device"), key=_KEY + "device")
    with second:
        count = st.number_input(
            session.say("page.import.device_count"), min_value=1, value=None, key=_KEY + "count"
        )
    with third:
        price = st.number_input(
            session.say("page.import.price"),
            min_value=0.0,
            value=None,
            format="%.10g",
            key=_KEY + "price",
        )
    with fourth:
        currency = st.selectbox(
            session.say("page.import.currency"), CURRENCIES, key=_KEY + "currency"
        )
    included = st.radio(
        session.say("page.import.evaluations"),
        (True, False),
        index=None,
        format_func=lambda one: session.say(
            f"page.import.evaluations_{'included' if one else 'apart'}"
        ),
        horizontal=True,
        key=_KEY + "evaluations",
    )
    evaluation_s = 0.0
    if included is False:
        evaluation_s = st.number_input(
            session.say("page.import.evaluation_s"), min_value=0.0, value=0.0, key=_KEY + "eval_s"
        )
    return {
        "device": device.strip() or None,
        "count": count,
        "price": price,
        "currency": currency,
        "included": included,
        "evaluation_s": evaluation_s,
    }


ASKED = {
    "training_samples": "training_samples",
    "direction": "target.direction",
    "value": "target.value",
    "baseline": "baseline",
    "device": "device",
    "count": "hardware.device_count",
    "price": "hardware.rent_per_gpu_hour",
    "included": "evaluations_included",
}
"""What nobody may guess, and the field that is refused while it is open."""


def _terms(typed: dict[str, Any]) -> ImportTerms:
    """The terms as they were typed.

    Raises:
        Refusal: Something was not said.
    """
    for part, field in ASKED.items():
        check_said(typed[part], field)
    quality = None
    if typed["quality"] is not None:
        check_said(typed["tolerance"], "quality.tolerance")
        quality = Quality(metric=typed["quality"], tolerance=typed["tolerance"])
    price = Money(amount=typed["price"], currency=typed["currency"])
    return ImportTerms(
        name=typed["name"],
        workload=typed["workload"],
        training_samples=typed["training_samples"],
        target=Target(
            metric=typed["metric"],
            value=typed["value"],
            direction=typed["direction"],
            sustained_evaluations=typed["sustained"],
        ),
        quality=quality,
        baseline=typed["baseline"],
        candidates=tuple(typed["candidates"]),
        hardware=HardwareChoice(device_count=typed["count"], rent_per_gpu_hour=price),
        device=typed["device"],
        evaluations_included=typed["included"],
        evaluation_s=typed["evaluation_s"],
        seeds_in_order=typed["seeds_in_order"],
        assumptions=Assumptions(currency=typed["currency"]),
    )
