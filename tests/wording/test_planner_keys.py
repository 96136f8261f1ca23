"""Every key that the planner emits instead of words has words."""

import ast
import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from planner.decisions.gate import AdoptionStage, CriterionKey, DecisionKind, GateName
from planner.decisions.result_rows import RowFate
from planner.decisions.results_mapping import EarlierRule, EndMeaning, ScheduleUse
from planner.economics.assumptions import LIMITS, Assumptions, Production
from planner.economics.distributions import INPUTS
from planner.economics.investment import TrainingValue
from planner.economics.ownership import OwnedCase
from planner.economics.rates import RateKind
from planner.exchange.notifications import GateReason, NotificationKind
from planner.exchange.page_states import EventKind
from planner.exchange.price_states import PriceOrigin
from planner.exchange.wait_reasons import WaitReason
from planner.exchange.webhooks import DeliveryResult, DeliveryStatus
from planner.imports.mapping import SECONDS
from planner.inference.quality import QualityStatus
from planner.line_ups.entry import Lacking
from planner.line_ups.settings import OF_PILOT, OF_SCHEDULE
from planner.measurements.early_warning import WarningSign, WarningTone
from planner.measurements.meter_summary import Decrease
from planner.pilots.cap_use import CapReason, CapScope, CapUnit
from planner.pilots.meters import MeterName, Tone
from planner.pilots.pilot import PilotPhase
from planner.pilots.run import Purpose, RunStatus
from planner.pilots.workload import TARGET_METRICS, TEST_METRICS
from planner.projections.batch_trade_off import NotOffered
from planner.projections.projection import Extrapolation
from planner.projections.what_if_values import Limit, Quantity, SourceOrigin
from planner.projections.what_if_values import Unavailable as ProjectionUnavailable
from planner.reviews.convergence import CHARTS
from planner.reviews.ingredient import Origin
from planner.reviews.next_step import NextKind
from planner.reviews.pace import Unavailable
from planner.reviews.provenance import Number
from planner.reviews.verdict import Decision, Reason, Risk
from planner.schedules.published import PaperCase
from planner.schedules.schedule import Role
from planner.schedules.theory import Family
from wording.catalogue import knows, messages, placeholders
from wording.labels import axis_label, label, metric_label

PLANNER = Path(__file__).parents[2] / "planner"

KEYS = {
    "run_status": get_args(RunStatus),
    "pilot_phase": get_args(PilotPhase),
    "purpose": get_args(Purpose),
    "role": get_args(Role),
    "rate_kind": get_args(RateKind),
    "wait_reason": get_args(WaitReason),
    "price_origin": get_args(PriceOrigin),
    "page.prices": [f"case_{case}" for case in get_args(OwnedCase)],
    "page.catalogue": [
        *(f"case_{case}" for case in get_args(PaperCase)),
        *(f"family_{family}" for family in get_args(Family)),
    ],
    "decision": get_args(Decision),
    "verdict.reason": get_args(Reason),
    "verdict.largest_risk": get_args(Risk),
    "next_step": get_args(NextKind),
    "reason": get_args(CapReason),
    "cap": get_args(CapReason),
    "page.decide": [
        *(f"fate_{fate}" for fate in get_args(RowFate)),
        *(f"file_use_{use}" for use in get_args(ScheduleUse)),
        *(f"file_earlier_{rule}" for rule in get_args(EarlierRule)),
        *(f"file_ends_{meaning}" for meaning in get_args(EndMeaning)),
        *(f"file_unit_{unit}" for unit in SECONDS),
    ],
    "gate": get_args(GateName),
    "adoption": get_args(AdoptionStage),
    "gate_event": get_args(DecisionKind),
    "criterion": get_args(CriterionKey),
    "unavailable": get_args(Unavailable),
    "what_if.unavailable": get_args(ProjectionUnavailable),
    "what_if.limit": get_args(Limit),
    "what_if.quantity": get_args(Quantity),
    "what_if.origin": get_args(SourceOrigin),
    "batch_trade_off": get_args(NotOffered),
    "extrapolation": get_args(Extrapolation),
    "line_up.lacking": get_args(Lacking),
    "setting": (*OF_PILOT, *OF_SCHEDULE),
    "quality": (*get_args(QualityStatus), "not_measured"),
    "metric": (*TARGET_METRICS, *TEST_METRICS),
    "chart.axis.metric": TARGET_METRICS,
    "origin": get_args(Origin),
    "meter.name": get_args(MeterName),
    "meter": [
        *(f"stability_{tone}" for tone in get_args(Tone)),
        *(f"decrease_{found}" for found in get_args(Decrease)),
    ],
    "early_warning": [
        f"{sign}_{tone}" for sign in get_args(WarningSign) for tone in get_args(WarningTone)
    ],
    "event": get_args(EventKind),
    "notification": [
        *(f"cap_{scope}" for scope in get_args(CapScope)),
        *(f"gate_{why}" for why in get_args(GateReason)),
        "pilot_finished",
        "run_diverged",
        "run_failed",
    ],
    "notification.limit": get_args(CapUnit),
    "delivery": get_args(DeliveryStatus),
    "delivery.kind": (*get_args(NotificationKind), "test"),
    "delivery.result": get_args(DeliveryResult),
    "value": [field.name for field in fields(TrainingValue)],
    "assumption": [
        *[field.name for field in fields(Assumptions)],
        *[field.name for field in fields(Production)],
        *LIMITS,
        *INPUTS,
    ],
}


@pytest.mark.parametrize("key", [f"{prefix}.{name}" for prefix in KEYS for name in KEYS[prefix]])
def test_a_key_of_the_planner_has_words(key):
    assert knows(key)


def literals(call, keyword):
    """Texts that calls of ``call`` in the planner give to ``keyword``."""
    for path in PLANNER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == call:
                for given in node.keywords:
                    if given.arg == keyword and isinstance(given.value, ast.Constant):
                        yield given.value.value


def test_every_chart_has_a_title_and_every_axis_a_label():
    charts = {*literals("Chart", "key"), *CHARTS.values()}
    axes = set(literals("Axis", "label"))
    assert len(charts) >= 8
    assert [key for key in charts if not knows(f"chart.{key}.title")] == []
    assert [key for key in charts if not knows(f"chart.{key}.subtitle")] == []
    assert [name for name in axes if not knows(f"chart.axis.{name}")] == []


def warnings():
    """Code and names of the values of every warning about a plan."""
    for module in ("plan_warnings.py", "schedule_warnings.py"):
        source = (PLANNER / "plans" / module).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_warning":
                _, code = node.args
                yield code.value, {given.arg for given in node.keywords}


def test_every_warning_has_a_sentence_and_the_values_that_it_shows():
    english = messages("en")
    found = dict(warnings())
    assert len(found) == 23
    kept = {key.removeprefix("warning.") for key in english if key.startswith("warning.")}
    assert kept == set(found)
    lacking = {code: placeholders(english[f"warning.{code}"]) - found[code] for code in found}
    assert {code: names for code, names in lacking.items() if names} == {}


def test_every_event_has_a_sentence_of_the_values_that_all_events_have():
    always = {"by", "reason"}
    of_runs = always | {"schedule", "seed", "rate_multiplier", "attempt", "step"}
    of_runs |= {"run"}  # its name, which the page puts together from these
    for kind in get_args(EventKind):
        known = (
            always
            if kind in ("pilot_created", "pilot_cancelled", "cap_raised", "seeds_added")
            else of_runs
        )
        if kind in ("run_rolled_back", "run_fell_back"):
            known = of_runs | {"at_step", "follows", "share"}  # share: of the rate, on the page
        assert placeholders(messages("en")[f"event.{kind}"]) <= known, kind


def test_every_line_of_the_investment_has_a_name():
    source = (PLANNER / "economics" / "investment.py").read_text(encoding="utf-8")
    (function,) = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name == "investment_costs"
    ]
    (table,) = [node for node in ast.walk(function) if isinstance(node, ast.Dict)]
    keys = [key.value for key in table.keys if isinstance(key, ast.Constant)]
    assert len(keys) == 7
    assert [key for key in keys if not knows(f"investment.{key}")] == []


def test_every_number_of_a_review_says_where_it_comes_from_in_words():
    sources = (PLANNER / "reviews").glob("*_origins.py")
    source = "".join(path.read_text(encoding="utf-8") for path in sources)
    formulas = {*get_args(Number), *re.findall(r'formula="([a-z_]+)"', source)}
    calls = r'(?:count|hours|seconds|ratio|fraction|money|final|number)\(\s*"([a-z_]+)"'
    names = {*re.findall(calls, source), *re.findall(r'name="([a-z_]+)"', source)}
    assert len(names) >= 30
    assert [name for name in sorted(formulas) if not knows(f"provenance.{name}")] == []
    told = {name: (knows(f"ingredient.{name}"), knows(f"assumption.{name}")) for name in names}
    assert [name for name, places in sorted(told.items()) if not any(places)] == []


def test_an_axis_shows_its_unit_behind_its_label():
    assert axis_label("training_time", "h", "en") == "time of one training (h)"
    assert axis_label("training_time", "h", "ja") == "学習1回の時間（h）"
    assert axis_label("months", "", "ja") == "月"


def test_the_axis_of_a_plug_ins_metric_has_its_name():
    assert axis_label("metric.validation_f1", "", "ja") == "validation_f1"
    assert axis_label("metric.validation_loss", "", "en") == "validation loss"


def test_somebodys_own_words_stay_as_they_are():
    assert metric_label("validation_f1", "ja") == "validation_f1"
    assert label("chart.series", "break_even", "ja") == "損益分岐点"
    assert label("chart.series", "growing batch", "ja") == "growing batch"
    assert label("reason", "", "en") == ""


def test_only_the_convergence_chart_needs_a_value_for_its_subtitle():
    english = messages("en")
    needed = {
        key: placeholders(text)
        for key, text in english.items()
        if key.startswith("chart.") and placeholders(text)
    }
    assert needed == {"chart.convergence.subtitle": {"target"}}
