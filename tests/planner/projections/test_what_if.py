import math
from dataclasses import replace

import pytest

from planner.devices.fabric import Fabric, all_reduce_s
from planner.economics.assumptions import Assumptions
from planner.money import ExchangeRate, Money
from planner.projections.device_speed import TypedPoint
from planner.projections.transfer import StageSamples
from planner.projections.what_if import MOST_PLANS_TOLD, what_if
from planner.projections.what_if_request import HardwareOption, TodayPlan, WhatIfRequest
from planner.refusal import Refusal

ETHERNET = Fabric(bus_bytes_per_s=10e9, latency_s=5e-6)


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


def a_hardware(**changes) -> HardwareOption:
    """2 ms and 0.01 ms a sample, typed at 64 and 512 samples."""
    fields = {
        "name": "H100",
        "typed_points": (
            TypedPoint(batch_size=64, step_time_s=0.00264),
            TypedPoint(batch_size=512, step_time_s=0.00712),
        ),
        "fabric": ETHERNET,
        "price_per_device_h": usd(4.0),
    }
    return HardwareOption(**{**fields, **changes})


def a_request(**changes) -> WhatIfRequest:
    fields = {
        "hardware": (a_hardware(),),
        "stages": (
            StageSamples(batch_size=512, samples=512e6),
            StageSamples(batch_size=4096, samples=2048e6),
        ),
        "payload_bytes": 45e6,
        "device_counts": (1, 8, 64),
    }
    return WhatIfRequest(**{**fields, **changes})


ASSUMED = Assumptions(
    trainings_per_month=10,
    cost_of_delay_per_day=480,
    horizon_months=12,
    discount_rate_per_year=0.0,
)
TODAY = TodayPlan(hardware="H100", device_count=8)


def only(request: WhatIfRequest):
    (found,) = what_if(request).hardware
    return found


def test_one_training_on_eight_devices_is_its_steps_and_their_messages():
    message_s = all_reduce_s(ETHERNET, payload_bytes=45e6, device_count=8)
    first_s = 1e6 * (0.002 + 1e-5 * 64 + message_s)
    second_s = 0.5e6 * (0.002 + 1e-5 * 512 + message_s)
    plan = only(a_request()).same_devices[1]
    assert plan.device_counts == (8, 8)
    assert plan.training_h == pytest.approx((first_s + second_s) / 3600)
    assert plan.device_h == pytest.approx(8 * plan.training_h)
    assert plan.cost.amount == pytest.approx(4.0 * 8 * plan.training_h)
    assert plan.training_low_h < plan.training_h < plan.training_high_h


def test_a_share_above_the_memory_is_accumulated():
    one = only(a_request()).stages[1][0]
    assert (one.micro_batches, one.micro_batch_size) == (8, 512)
    small = a_hardware(largest_micro_batch_size=256)
    assert only(a_request(hardware=(small,))).stages[1][0].micro_batches == 16


def test_hardware_without_a_speed_has_a_reason_and_no_number():
    bare = HardwareOption(name="unknown", fabric=ETHERNET, price_per_device_h=usd(1))
    known, unknown = what_if(a_request(hardware=(a_hardware(), bare))).hardware
    assert known.unavailable is None
    assert unknown.unavailable == "throughput_unknown"
    assert (unknown.stages, unknown.same_devices, unknown.front) == ((), (), ())
    assert (unknown.cheapest, unknown.fastest, unknown.best_worth) == (None, None, None)


def test_without_a_fabric_there_is_one_device():
    alone = only(a_request(hardware=(a_hardware(fabric=None),)))
    assert alone.limit == "fabric_unknown"
    assert [plan.device_counts for plan in alone.same_devices] == [(1, 1)]


def test_points_of_several_devices_hold_their_communication():
    timed = a_hardware(fabric=None, communication_included=True)
    found = only(a_request(hardware=(timed,)))
    assert found.limit is None
    assert found.stages[0][2].communication_s == 0
    assert {one.quantity: one.origin for one in found.sources}["fabric"] == "included"


def test_no_stage_has_more_devices_than_samples_or_than_there_are():
    request = a_request(stages=(StageSamples(batch_size=8, samples=1e6),), device_counts=(1, 8, 64))
    assert [one.device_count for one in only(request).stages[0]] == [1, 8]
    few = a_hardware(most_devices=8)
    assert [one.device_count for one in only(a_request(hardware=(few,))).stages[1]] == [1, 8]


def test_the_cheapest_plan_meets_the_deadline_and_the_fastest_the_budget():
    free = only(a_request(device_use="elastic"))
    deadline_h = free.same_devices[1].training_h
    cheapest = only(a_request(device_use="elastic", deadline_h=deadline_h)).cheapest
    assert cheapest.training_h <= deadline_h
    budget = usd(free.same_devices[1].cost.amount)
    fastest = only(a_request(device_use="elastic", budget=budget)).fastest
    assert fastest.cost.amount <= budget.amount
    assert fastest.training_h <= free.same_devices[1].training_h


def test_no_plan_meets_a_deadline_that_is_too_short():
    found = only(a_request(deadline_h=1e-6))
    assert (found.cheapest, found.fastest, found.best_worth) == (None, None, None)
    assert found.front


def test_worth_is_what_trainings_save_over_the_horizon():
    found = what_if(a_request(today=TODAY, assumptions=ASSUMED))
    today, other = found.today, found.hardware[0].same_devices[2]
    saved = today.cost.amount - other.cost.amount + 20 * (today.training_h - other.training_h)
    assert today.npv == usd(0)
    assert other.npv.amount == pytest.approx(12 * 10 * saved)  # 12 months of 10, undiscounted
    best = found.hardware[0].best_worth
    assert best.npv.amount == max(plan.npv.amount for plan in found.hardware[0].front)


def test_bought_hardware_is_paid_before_any_training():
    paid = replace(ASSUMED, hardware_outlay=1000, hardware_residual=400)
    free = what_if(a_request(today=TODAY, assumptions=ASSUMED)).hardware[0].same_devices[2]
    bought = what_if(a_request(today=TODAY, assumptions=paid)).hardware[0].same_devices[2]
    assert bought.npv.amount == pytest.approx(free.npv.amount - 1000 + 400)


def test_todays_devices_need_not_be_among_the_counts():
    today = TodayPlan(hardware="H100", device_count=6)
    found = what_if(a_request(today=today, assumptions=ASSUMED))
    assert found.today.device_counts == (6, 6)


def test_money_is_told_in_the_assumptions_currency():
    yen = replace(
        ASSUMED,
        currency="JPY",
        exchange_rates=(ExchangeRate(base="USD", quote="JPY", rate=150, as_of="2026-11-09"),),
    )
    in_yen = what_if(a_request(assumptions=yen, today=TODAY))
    in_usd = what_if(a_request(assumptions=ASSUMED, today=TODAY))
    assert in_yen.currency == "JPY"
    assert in_yen.today.cost.amount == pytest.approx(150 * in_usd.today.cost.amount)


def test_a_price_without_an_exchange_rate_is_refused_at_its_field():
    with pytest.raises(Refusal) as refusal:
        what_if(a_request(assumptions=Assumptions(currency="JPY")))
    assert refusal.value.field == "hardware[0].price_per_device_h"


def test_without_a_price_there_is_time_and_no_money():
    found = what_if(a_request(hardware=(a_hardware(price_per_device_h=None),)))
    assert found.currency is None
    assert found.hardware[0].cheapest.cost is None
    assert [chart.key for chart in found.charts] == ["device_counts"]


def test_the_charts_show_every_known_hardware():
    second = a_hardware(name="A100", price_per_device_h=usd(2.0))
    found = what_if(a_request(hardware=(a_hardware(), second), today=TODAY, assumptions=ASSUMED))
    counts, plans = found.charts
    assert [one.name for one in counts.series] == ["H100", "A100"]
    assert [one.name for one in plans.series] == ["H100", "A100", "todays_devices"]
    assert counts.series[0].low[1] < counts.series[0].y[1] < counts.series[0].high[1]


def test_a_long_front_is_thinned_but_keeps_its_ends_and_its_best_plans():
    stages = tuple(
        StageSamples(batch_size=256 * 2**place, samples=1e8 * 1.37**place) for place in range(14)
    )
    request = a_request(
        hardware=(a_hardware(fabric=Fabric(bus_bytes_per_s=1e12, latency_s=0)),),
        stages=stages,
        device_use="elastic",
        device_counts=tuple(2**power for power in range(11)),
        today=TODAY,
        assumptions=ASSUMED,
    )
    found = only(request)
    assert found.front_plans > MOST_PLANS_TOLD >= len(found.front)
    assert found.front[0] == found.fastest
    assert found.front[-1] == found.cheapest
    assert found.best_worth in found.front


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hardware": ()}, "hardware"),
        ({"hardware": (a_hardware(), a_hardware())}, "hardware[1].name"),
        ({"stages": ()}, "stages"),
        ({"stages": (StageSamples(batch_size=8, samples=0),)}, "stages"),
        ({"device_counts": (8, 1)}, "device_counts"),
        ({"device_counts": (0, 1)}, "device_counts"),
        ({"overlap_fraction": 2}, "overlap_fraction"),
        ({"restart_s": -1}, "restart_s"),
        ({"deadline_h": 0}, "deadline_h"),
        ({"budget": usd(-1)}, "budget.amount"),
        ({"payload_bytes": math.inf}, "payload_bytes"),
        ({"today": TodayPlan(hardware="A100", device_count=1)}, "today.hardware"),
        ({"today": TodayPlan(hardware="H100", device_count=1024)}, "today.device_count"),
    ],
)
def test_a_request_without_sense_is_refused(changes, field):
    with pytest.raises(Refusal) as refusal:
        a_request(**changes)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"curve_number": 3}, "throughput"),
        ({"fabric_id": "nvlink4-h100"}, "fabric"),
        ({"communication_included": True}, "fabric"),
        ({"price_id": "h100"}, "price_per_device_h"),
        ({"price_per_device_h": usd(-1)}, "price_per_device_h.amount"),
        ({"typed_points": (TypedPoint(batch_size=1, step_time_s=1),)}, "typed_points"),
        ({"largest_micro_batch_size": 0}, "largest_micro_batch_size"),
        (
            {
                "typed_points": (
                    TypedPoint(batch_size=1, step_time_s=1),
                    TypedPoint(batch_size=2, step_time_s=3),
                )
            },
            "typed_points",
        ),
    ],
)
def test_hardware_without_sense_is_refused(changes, field):
    with pytest.raises(Refusal) as refusal:
        a_hardware(**changes)
    assert refusal.value.field == field
