from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.economics.assumptions import Assumptions
from planner.economics.rates import HardwareProfile, RateCard
from planner.money import ExchangeRate, Money
from planner.pilots.device_stages import DevicesOfSchedule
from planner.pilots.pilot import Budget
from planner.pilots.workload import Workload
from planner.plans.plan import PlanInput, plan_facts
from planner.plans.queue_forecast import Serving
from planner.refusal import Refusal
from tests.planner.plans.planned_pilots import a_pilot, schedule

NOW = datetime(2026, 11, 1, tzinfo=UTC)

TODAY_S = 2 * 10 * 0.1 + 3 * 1.0
LARGE_S = 2 * 5 * 0.15 + 3 * 1.0
"""2 epochs of 1,000 samples in steps of 100 or 200, evaluated 3 times."""


def usd(amount):
    return Money(amount=amount, currency="USD")


CURVE = ThroughputCurve(
    workload="w",
    device="d",
    dtype="float32",
    versions="1",
    points=(
        ThroughputPoint(batch_size=100, step_time_s=0.1, spread_fraction=0.0, steps=20),
        ThroughputPoint(batch_size=200, step_time_s=0.15, spread_fraction=0.0, steps=20),
    ),
    evaluation_s=1.0,
)

CARD = RateCard(
    id="x",
    device="X",
    vendor="",
    kind="on_demand",
    rent_per_gpu_hour=usd(2.0),
    as_of="2026-11-01",
)


def facts(pilot=None, **changes):
    given = {
        "pilot": pilot or a_pilot(),
        "workload": Workload(
            name="w", training_samples=1000, validation_samples=1, test_samples=1, classes=2
        ),
        "throughput": CURVE,
        "curve": None,
        "needs_probe": False,
        "hardware": HardwareProfile(rate_card=CARD, device_count=1, throughput=None),
        "pilot_rate_per_device_h": None,
        "serving": (Serving(),),
        "now": NOW,
    }
    return plan_facts(PlanInput(**(given | changes)))


def test_a_plan_says_how_long_it_takes_and_when_it_is_done():
    found = facts(serving=(Serving(free_s=60.0),))
    seconds = 7 * TODAY_S + 7 * LARGE_S
    assert [one.run_time_s for one in found.schedules] == pytest.approx([TODAY_S, LARGE_S])
    assert found.pilot_time_s == pytest.approx(seconds)
    assert found.pilot_device_h == pytest.approx(seconds / 3600)
    assert found.finish_at is not None
    assert (found.finish_at - NOW).total_seconds() == pytest.approx(60 + seconds)
    assert (found.device, found.workers) == ("d", 1)


def test_without_a_curve_no_time_is_stated_and_the_rest_is():
    found = facts(throughput=None, needs_probe=True)
    assert (found.pilot_time_s, found.pilot_device_h, found.finish_at) == (None, None, None)
    assert found.run_counts.probe == 1
    assert [one.run_time_s for one in found.schedules] == [None, None]
    assert found.break_even_time_ratio is not None


def test_previews_take_the_seconds_of_the_chosen_hardware_and_else_those_of_the_pilots_device():
    faster = replace(
        CURVE,
        device="X",
        points=tuple(replace(one, step_time_s=one.step_time_s / 2) for one in CURVE.points),
    )
    on_x = facts(hardware=HardwareProfile(rate_card=CARD, device_count=1, throughput=faster))
    found = facts()
    assert (on_x.preview_device, on_x.hardware_measured) == ("X", True)
    assert (found.preview_device, found.hardware_measured) == ("d", False)
    (today_s, own_s) = (one.schedules[0].preview.time_s for one in (on_x, found))
    last = found.schedules[0].preview.step[-1]
    assert own_s[-1] == pytest.approx(last * 0.1)
    assert today_s == pytest.approx([seconds / 2 for seconds in own_s])


def test_no_preview_has_seconds_where_nothing_was_measured():
    found = facts(throughput=None, needs_probe=True)
    assert found.preview_device is None
    assert [one.preview.time_s for one in found.schedules] == [None, None]


def test_without_a_worker_there_is_no_finish():
    found = facts(serving=())
    assert (found.finish_at, found.workers) == (None, 0)
    assert found.pilot_time_s == pytest.approx(7 * TODAY_S + 7 * LARGE_S)


def test_with_a_worker_for_a_part_of_it_there_is_no_finish_and_the_missing_devices_are_named():
    pilot = a_pilot(devices=(DevicesOfSchedule(schedule="large", counts=(2,)),))
    found = facts(pilot, serving=(Serving(),))
    assert (found.finish_at, found.workers) == (None, 0)
    (warning,) = [one for one in found.warnings if one.field == "devices"]
    assert (warning.code, dict(warning.params)) == ("devices_not_here", {"devices": 2})
    by_both = facts(pilot, serving=(Serving(), Serving(device_count=2, fewest_devices=2)))
    assert by_both.workers == 2
    assert by_both.finish_at is not None


def test_the_pilot_costs_its_device_hours_at_the_stated_price_in_the_reviews_currency():
    yen = Assumptions(
        currency="JPY",
        exchange_rates=(ExchangeRate(base="USD", quote="JPY", rate=150.0, as_of="2026-11-01"),),
    )
    found = facts(a_pilot(assumptions=yen), pilot_rate_per_device_h=usd(4.0))
    assert found.pilot_device_h is not None
    assert found.pilot_cost == Money(amount=found.pilot_device_h * 4.0 * 150.0, currency="JPY")


def test_no_price_is_no_cost():
    assert facts().pilot_cost is None


def test_the_speed_up_that_pays_follows_from_the_stated_investment():
    """20 USD a training, 10 a month, 24 months; re-tuning and validation cost 3 trainings."""
    found = facts()
    assert found.investment is not None
    assert found.investment.counted == usd(3 * 10 * 2.0)
    saved_by_all = 10 * 24 * 10 * 2.0
    assert found.break_even_time_ratio == pytest.approx(1 - 60.0 / saved_by_all)


def test_the_cost_of_the_pilot_is_part_of_the_investment():
    found = facts(pilot_rate_per_device_h=usd(1000.0))
    assert found.pilot_cost is not None
    assert found.investment is not None
    assert found.investment.counted.amount == pytest.approx(60.0 + found.pilot_cost.amount)


def test_without_a_production_block_the_pilot_itself_is_the_training():
    hardware = HardwareProfile(rate_card=CARD, device_count=1, throughput=CURVE)
    found = facts(a_pilot(production=None), hardware=hardware)
    assert found.investment is not None
    assert found.investment.counted.amount == pytest.approx(3 * 2.0 * TODAY_S / 3600)


@pytest.mark.parametrize(
    ("throughput", "devices", "key"),
    [(None, 1, "throughput_unknown"), (CURVE, 2, "several_devices_without_production")],
)
def test_a_break_even_that_cannot_be_stated_says_why(throughput, devices, key):
    hardware = HardwareProfile(rate_card=CARD, device_count=devices, throughput=throughput)
    found = facts(a_pilot(production=None), hardware=hardware)
    assert (found.unavailable, found.investment, found.break_even_time_ratio) == (key, None, None)


def test_a_missing_exchange_rate_is_refused_where_it_would_be_stated():
    with pytest.raises(Refusal) as refused:
        facts(a_pilot(assumptions=Assumptions(currency="JPY")))
    assert refused.value.field == "assumptions.exchange_rates"
    assert refused.value.code == "exchange_rate_missing"


def test_schedules_that_are_too_long_to_be_shown_together_are_refused():
    big = Workload(
        name="w", training_samples=3_000_000, validation_samples=1, test_samples=1, classes=2
    )
    pilot = a_pilot(
        schedules=(schedule("today", 1, "baseline"), schedule("new", 1)), budget=Budget(epochs=2)
    )
    with pytest.raises(Refusal) as refused:
        facts(pilot, workload=big, throughput=None)
    assert refused.value.code == "too_many_steps_to_plan"


def test_the_same_input_gives_the_same_facts():
    assert facts() == facts()
    assert replace(facts(), finish_at=None) != facts()
    assert facts(now=NOW + timedelta(days=1)).finish_at == facts().finish_at + timedelta(days=1)
