"""Step 1 of a plan: what is trained, what ends the race, how long and on how many seeds."""

from collections.abc import Sequence
from typing import get_args

import streamlit as st

from frontend.components.fields import Fields, current, reshaped
from frontend.components.headings import card_title
from frontend.planning.desk import Judgement
from frontend.planning.document import Document
from frontend.planning.form import (
    MULTIPLIERS,
    improves,
    quality_metrics,
    with_meters,
    with_metric,
    with_multipliers,
    with_quality,
    with_quality_metric,
    with_seed_count,
)
from frontend.planning.workload_choice import (
    is_only_estimated,
    kept_schedules,
    with_suited_schedules,
    with_workload,
)
from frontend.views.plan_facts import runs_card
from frontend.views.plan_throughput import throughput_card
from planner.devices.throughput import Precision
from planner.exchange.states import WorkloadState
from planner.pilots.divergence import Divergence, DivergencePolicy
from planner.pilots.meters import COSTLY
from planner.pilots.pilot import MOST_LOOKS
from planner.pilots.workload import TARGET_METRICS, Workload
from planner.schedules.momentum import MomentumForm
from wording.labels import metric_label
from wording.numbers import multiple
from wording.sentences import together


def show(fields: Fields, judgement: Judgement) -> None:
    """Draws the step."""
    workloads = fields.session.api.workloads()
    named = fields.read("pilot.workload")
    chosen = next((known for known in workloads if known.workload.name == named), None)
    with st.container(key="split-workload"):
        left, right = st.columns(2, gap="medium")
    with left:
        _trained(fields, workloads, chosen)
        workload = None if chosen is None else chosen.workload
        _target(fields, workload)
        _quality(fields, workload)
        throughput_card(fields, judgement)
    with right:
        _effort(fields)
        _choice_of_rates(fields)
        runs_card(fields, judgement)


def _trained(
    fields: Fields, workloads: Sequence[WorkloadState], chosen: WorkloadState | None
) -> None:
    with st.container(border=True, key="card-plan-trained"):
        card_title(fields.words("trained"))
        fields.text("pilot.name", fields.words("name"))
        names = [known.workload.name for known in workloads]
        growing = fields.words("preset_grow_from_today")
        fields.choice(
            "pilot.workload",
            fields.words("workload"),
            names,
            names=str,
            hint=fields.words("workload_hint"),
            change=lambda document, name: with_workload(document, name, growing=growing),
        )
        if chosen is not None:
            _described(fields, chosen)
        _kept(fields, growing)


def _kept(fields: Fields, growing: str) -> None:
    """Which schedules stayed when the workload was chosen, and the way to leave them."""
    names = kept_schedules(fields.document)
    if not names:
        return
    fields.note(fields.words("schedules_kept", schedules=", ".join(names)))
    st.button(
        fields.words("schedules_suited"),
        key="plan.schedules_suited",
        on_click=lambda: reshaped(with_suited_schedules(current(), growing=growing)),
    )


def _described(fields: Fields, known: WorkloadState) -> None:
    """Sizes, source and workers of the chosen workload."""
    workload = known.workload
    sizes = fields.words(
        "workload_sizes" if workload.classes is None else "workload_sizes_in_classes",
        training=workload.training_samples,
        validation=workload.validation_samples,
        classes=workload.classes or 0,
    )
    source = f"{workload.source}." if workload.source else ""
    version = fields.words("workload_version", version=workload.version) if workload.version else ""
    fields.note(together((sizes, source, version, _served(fields, known))))
    if is_only_estimated(workload.name):
        fields.note(fields.words("usual_estimated"))


def _served(fields: Fields, known: WorkloadState) -> str:
    """Who can train it now, or what is missing."""
    if known.served_by:
        return fields.words("served_by", workers=", ".join(known.served_by))
    if known.workload.data_set:
        return fields.words("served_by_none_without_data", data_set=known.workload.data_set)
    return fields.words("served_by_none")


def _target(fields: Fields, workload: Workload | None) -> None:
    metrics = tuple(TARGET_METRICS) if workload is None else workload.metrics
    with st.container(border=True, key="card-plan-target"):
        card_title(fields.words("target"), fields.words("target_hint"))
        fields.choice(
            "pilot.target.metric",
            fields.words("metric"),
            metrics,
            names=lambda name: metric_label(name, fields.session.language),
            change=lambda document, metric: with_metric(document, metric, workload),
        )
        value, sustained = st.columns(2)
        with value:
            side = fields.session.say(f"direction.{fields.read('pilot.target.direction')}")
            fields.number("pilot.target.value", side.capitalize(), step=0.01)
        with sustained:
            fields.whole(
                "pilot.target.sustained_evaluations",
                fields.words("sustained"),
                hint=fields.words("sustained_hint"),
            )


def _quality(fields: Fields, workload: Workload | None) -> None:
    with st.container(border=True, key="card-plan-quality"):
        card_title(fields.words("quality"), fields.words("quality_hint"))
        wanted = fields.flag(
            "pilot.quality",
            fields.words("quality_wanted"),
            on=fields.read("pilot.quality") is not None,
            change=lambda document, on: with_quality(document, workload, wanted=on),
        )
        if not wanted:
            return
        metric, tolerance = st.columns(2)
        with metric:
            fields.choice(
                "pilot.quality.metric",
                fields.words("metric"),
                quality_metrics(workload),
                names=lambda name: metric_label(name, fields.session.language),
                change=lambda document, metric: with_quality_metric(document, metric, workload),
            )
            better = improves(workload, fields.read("pilot.quality.metric"))
            fields.note(fields.words(f"better_{better}"))
        with tolerance:
            fields.number(
                "pilot.quality.tolerance",
                fields.words("tolerance"),
                step=0.005,
                hint=fields.words("tolerance_hint"),
            )


def _effort(fields: Fields) -> None:
    with st.container(border=True, key="card-plan-effort"):
        card_title(fields.words("effort"), fields.words("effort_hint"))
        epochs, every = st.columns(2)
        with epochs:
            fields.whole("pilot.budget.epochs", fields.words("epochs"))
        with every:
            fields.text(
                "pilot.evaluation.every", fields.words("every"), hint=fields.words("every_hint")
            )
        confirmation, looks = st.columns(2)
        with confirmation:
            _seed_count(fields, "confirmation")
        with looks:
            fields.choice(
                "pilot.looks",
                fields.words("looks"),
                range(1, MOST_LOOKS + 1),
                names=str,
                hint=fields.words("looks_hint"),
            )
        form, _ = st.columns(2)
        with form:
            fields.choice(
                "pilot.momentum_form",
                fields.words("momentum_form"),
                get_args(MomentumForm),
                names=lambda name: fields.words(f"momentum_{name}"),
            )
        form, meters = st.columns(2, vertical_alignment="center")
        with form:
            fields.choice(
                "pilot.precision",
                fields.words("precision"),
                get_args(Precision),
                names=lambda name: fields.words(f"precision_{name}"),
                hint=fields.words("precision_hint"),
            )
        with meters:
            wanted = fields.read("pilot.meters") or {}
            fields.flag(
                "pilot.meters",
                fields.words("meters"),
                on=any(wanted.get(name, True) for name in COSTLY),
                change=lambda document, on: with_meters(document, wanted=on),
                hint=fields.words("meters_hint"),
            )
        _divergence(fields)


def _divergence(fields: Fields) -> None:
    """What happens to a run that leaves the healthy range, and what that means."""
    choice, _ = st.columns(2)
    with choice:
        fields.choice(
            "pilot.divergence.policy",
            fields.words("divergence"),
            get_args(DivergencePolicy),
            names=lambda name: fields.words(f"divergence_{name}"),
            hint=fields.words("divergence_hint"),
        )
    policy = fields.read("pilot.divergence.policy") or Divergence().policy
    fields.note(fields.words(f"divergence_{policy}_note"))


def _choice_of_rates(fields: Fields) -> None:
    with st.container(border=True, key="card-plan-rates"):
        card_title(fields.words("rates"), fields.words("rates_hint"))
        chosen = fields.read("pilot.rate_multipliers") or [1.0]
        fields.several(
            "pilot.rate_multipliers",
            fields.words("multipliers"),
            sorted({*MULTIPLIERS, *chosen}),
            names=lambda factor: multiple(factor, fields.session.language),
            change=with_multipliers,
        )
        seeds, _ = st.columns(2)
        with seeds:
            _seed_count(fields, "selection")


def _seed_count(fields: Fields, phase: str) -> None:
    """Seeds by their number; the plan keeps which ones."""

    def resized(document: Document, count: int | None) -> Document:
        return with_seed_count(document, phase, max(count or 0, 0))

    fields.whole(
        f"pilot.seeds.{phase}",
        fields.words(f"seeds_{phase}"),
        shown=len(fields.read(f"pilot.seeds.{phase}") or ()),
        hint=fields.words(f"seeds_{phase}_hint"),
        change=resized,
    )
