"""What if the hardware, or the number of devices, were another: projected, never measured."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from planner.money import ExchangeRate, Money, exchange
from planner.projections.device_plan import best_plans
from planner.projections.laid_out import LaidOut, connected, lay_out
from planner.projections.measured_training import measured_trainings
from planner.projections.plan_worth import PlanWorth, plan_worth
from planner.projections.what_if_charts import device_counts_chart, device_plans_chart
from planner.projections.what_if_request import HardwareOption, WhatIfRequest
from planner.projections.what_if_sources import sources
from planner.projections.what_if_values import DevicePlan, HardwareProjection, WhatIf
from planner.refusal import Refusal

MOST_PLANS_TOLD = 200
"""Plans of a front that are told: thinned evenly, its ends and the best plans stay."""


def what_if(request: WhatIfRequest) -> WhatIf:
    """Every hardware of a request; without a speed there is a reason and no number."""
    request, currency = _in_one_currency(request)
    laid = [lay_out(option, request) for option in request.hardware]
    today = _today(laid, request)
    worth = None
    if today is not None and today.cost is not None and request.assumptions is not None:
        worth = plan_worth(today.training_h, today.cost, request.assumptions)
        today = replace(today, npv=Money(amount=0.0, currency=today.cost.currency))
    hardware = tuple(
        _answer(found, worth) if found else _unavailable(option)
        for option, found in zip(request.hardware, laid, strict=True)
    )
    charts = (
        device_counts_chart(hardware),
        device_plans_chart(hardware, today, currency),
    )
    return WhatIf(
        currency=currency,
        today=today,
        hardware=hardware,
        charts=tuple(chart for chart in charts if chart is not None),
    )


def _in_one_currency(request: WhatIfRequest) -> tuple[WhatIfRequest, str | None]:
    """The request with every amount in the assumptions' currency, else in the first price's."""
    prices = [one.price_per_device_h for one in request.hardware if one.price_per_device_h]
    if not prices:
        return request, None
    currency = request.assumptions.currency if request.assumptions else prices[0].currency
    rates = request.assumptions.exchange_rates if request.assumptions else ()
    hardware = tuple(
        replace(
            one,
            price_per_device_h=_exchanged(
                one.price_per_device_h, currency, rates, f"hardware[{place}].price_per_device_h"
            ),
        )
        for place, one in enumerate(request.hardware)
    )
    budget = _exchanged(request.budget, currency, rates, "budget")
    return replace(request, hardware=hardware, budget=budget), currency


def _exchanged(
    money: Money | None, currency: str, rates: tuple[ExchangeRate, ...], field: str
) -> Money | None:
    """Refused at ``field`` where no rate is known; nothing is nothing in every currency."""
    if money is None:
        return None
    if not money.amount:
        return Money(amount=0.0, currency=currency)
    try:
        return exchange(money, currency, rates)
    except Refusal as refusal:
        raise Refusal(field, refusal.code, **refusal.params) from refusal


def _today(laid: Sequence[LaidOut | None], request: WhatIfRequest) -> DevicePlan | None:
    """Today's training on its hardware; None where that has no speed, or not so many devices."""
    if request.today is None:
        return None
    for found in laid:
        if found is not None and found.option.name == request.today.hardware:
            return found.same_devices(request.today.device_count, None)
    return None


def _answer(laid: LaidOut, worth: PlanWorth | None) -> HardwareProjection:
    request = laid.request
    plans = best_plans(laid.options, device_use=request.device_use, restart_s=request.restart_s)
    front = [laid.told(plan, worth) for plan in plans]
    within = [plan for plan in front if _within(plan, request)]
    cheapest = min(within, key=lambda plan: (plan.device_h, plan.training_h), default=None)
    fastest = min(within, key=lambda plan: plan.training_h, default=None)
    valued = [plan for plan in within if plan.npv is not None]
    best = max(valued, key=_npv, default=None)
    same = (laid.same_devices(count, worth) for count in request.counts)
    return HardwareProjection(
        name=laid.option.name,
        unavailable=None,
        limit=None if connected(laid.option, request) else "fabric_unknown",
        sources=sources(laid.option),
        stages=laid.stages,
        same_devices=tuple(plan for plan in same if plan is not None),
        measured=measured_trainings(laid.option, request.stages),
        front=_thinned(front, (cheapest, fastest, best)),
        front_plans=len(front),
        cheapest=cheapest,
        fastest=fastest,
        best_worth=best,
    )


def _npv(plan: DevicePlan) -> float:
    return plan.npv.amount if plan.npv is not None else -math.inf


def _within(plan: DevicePlan, request: WhatIfRequest) -> bool:
    """Whether a plan meets deadline and budget; without a price none meets a budget."""
    if request.deadline_h is not None and plan.training_h > request.deadline_h:
        return False
    if request.budget is None:
        return True
    return plan.cost is not None and plan.cost.amount <= request.budget.amount


def _thinned(
    front: Sequence[DevicePlan], kept: Iterable[DevicePlan | None]
) -> tuple[DevicePlan, ...]:
    if len(front) <= MOST_PLANS_TOLD:
        return tuple(front)
    stride = (len(front) - 1) / (MOST_PLANS_TOLD - 4)
    places = {round(place * stride) for place in range(MOST_PLANS_TOLD - 3)}
    places |= {front.index(plan) for plan in kept if plan is not None}
    return tuple(front[place] for place in sorted(places))


def _unavailable(option: HardwareOption) -> HardwareProjection:
    return HardwareProjection(
        name=option.name,
        unavailable="throughput_unknown",
        limit=None,
        sources=sources(option),
    )
