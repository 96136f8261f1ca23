"""Plans of devices, as people read them and as a file."""

from collections.abc import Iterator

from planner.devices.device_count import MOST_DEVICES
from planner.economics.assumptions import Production
from planner.money import Money
from planner.projections.what_if_values import (
    DevicePlan,
    HardwareProjection,
    MeasuredTraining,
    WhatIf,
)
from wording.catalogue import say
from wording.language import Language
from wording.money import compact_money
from wording.numbers import number, percent, ratio
from wording.times import duration

_HOUR_S = 3600

CSV_COLUMNS = (
    "plan",
    "hardware",
    "device_counts",
    "training_h",
    "training_low_h",
    "training_high_h",
    "device_h",
    "cost",
    "npv",
    "currency",
    "extrapolations",
)

NAMED = ("best_worth", "cheapest", "fastest")
"""Plans that have a name, in order; fields of a hardware's projection."""


def plan_rows(found: WhatIf, language: Language) -> list[list[str]]:
    """The named plans: what each is, hardware, devices, time, cost, worth, how sure."""
    return [
        [
            say(f"page.review.plan_{name}", language),
            hardware.name,
            _devices(plan),
            _time(plan, language),
            _amount(plan.cost, language),
            _amount(plan.npv, language),
            _marks(plan, language),
        ]
        for name, hardware, plan in _named(found)
    ]


def csv_rows(found: WhatIf) -> list[list[object]]:
    """Named plans, every plan that no other beats, same devices throughout, and what was measured.

    In the order of `CSV_COLUMNS`.
    """
    plans = [
        *_named(found),
        *(("front", hardware, plan) for hardware in found.hardware for plan in hardware.front),
        *(
            ("same_devices", hardware, plan)
            for hardware in found.hardware
            for plan in hardware.same_devices
        ),
    ]
    told: list[list[object]] = [
        [
            name,
            hardware.name,
            _devices(plan),
            plan.training_h,
            plan.training_low_h,
            plan.training_high_h,
            plan.device_h,
            plan.cost.amount if plan.cost else None,
            plan.npv.amount if plan.npv else None,
            found.currency,
            " ".join(plan.extrapolations),
        ]
        for name, hardware, plan in plans
    ]
    for hardware, one, _ in _measured(found):
        hours = (one.training_h, one.training_low_h, one.training_high_h)
        told.append(["measured", hardware.name, str(one.device_count), *hours, *[None] * 5])
    return told


def handed_over(found: WhatIf) -> tuple[DevicePlan, ...]:
    """Plans that a pilot can be started with: the named ones first, then the front, each once.

    Those that want more devices than one worker can have are none of them.
    """
    named = (plan for _, _, plan in _named(found))
    front = (plan for hardware in found.hardware for plan in hardware.front)
    first: dict[tuple[int, ...], DevicePlan] = {}
    for plan in (*named, *front):
        if max(plan.device_counts) <= MOST_DEVICES:
            first.setdefault(plan.device_counts, plan)
    return tuple(first.values())


def plan_name(plan: DevicePlan, language: Language) -> str:
    """A plan in a few words: its devices, time and cost."""
    time = duration(plan.training_h * _HOUR_S, language)
    told = (_devices(plan), time, _amount(plan.cost, language))
    return " \u00b7 ".join(told)


def measured_rows(found: WhatIf, language: Language) -> list[list[str]]:
    """Trainings of steps measured on several devices, each beside the projected one."""
    return [
        [
            hardware.name,
            number(one.device_count, language),
            _interval(one.training_h, one.training_low_h, one.training_high_h, language),
            say("page.review.none", language) if plan is None else _time(plan, language),
            say("page.review.none", language)
            if plan is None
            else ratio(plan.training_h / one.training_h, language),
            percent(one.communication_fraction, language),
            say("page.review.measured", language),
        ]
        for hardware, one, plan in _measured(found)
    ]


def remarks(found: WhatIf, language: Language) -> list[str]:
    """What every hardware rests on, and why it has no number or only one device."""
    said = []
    for hardware in found.hardware:
        if hardware.unavailable is not None:
            reason = say(f"what_if.unavailable.{hardware.unavailable}", language)
            said.append(say("page.review.of_hardware", language, name=hardware.name, said=reason))
            continue
        sources = ", ".join(
            _source(source.quantity, source.origin, source.source, language)
            for source in hardware.sources
        )
        said.append(say("page.review.of_hardware", language, name=hardware.name, said=sources))
        if hardware.limit is not None:
            limit = say(f"what_if.limit.{hardware.limit}", language)
            said.append(say("page.review.of_hardware", language, name=hardware.name, said=limit))
    return said


def left_out(production: Production | None, language: Language) -> str:
    """What the times of all plans leave out and the verdict's have; empty for nothing."""
    if production is None:
        return say("page.review.plans_without_evaluations", language)
    fixed_h = production.training_h * production.overhead_fraction
    if fixed_h == 0:
        return ""
    hours = duration(fixed_h * _HOUR_S, language)
    return say("page.review.plans_without_overhead", language, hours=hours)


def _source(quantity: str, origin: str, source: str, language: Language) -> str:
    told = say(f"what_if.origin.{origin}", language)
    known = say("page.review.source_of", language, origin=told, source=source) if source else told
    name = say(f"what_if.quantity.{quantity}", language)
    return say("page.review.of_hardware", language, name=name, said=known)


def _named(found: WhatIf) -> Iterator[tuple[str, HardwareProjection, DevicePlan]]:
    for hardware in found.hardware:
        for name in NAMED:
            plan: DevicePlan | None = getattr(hardware, name)
            if plan is not None:
                yield name, hardware, plan


def _measured(
    found: WhatIf,
) -> Iterator[tuple[HardwareProjection, MeasuredTraining, DevicePlan | None]]:
    """What was measured, and what is projected for as many devices."""
    for hardware in found.hardware:
        projected = {plan.device_counts[0]: plan for plan in hardware.same_devices}
        for one in hardware.measured:
            yield hardware, one, projected.get(one.device_count)


def _devices(plan: DevicePlan) -> str:
    """One number where every stage has as many, else one a stage."""
    counts = dict.fromkeys(plan.device_counts)
    if len(counts) == 1:
        return str(plan.device_counts[0])
    return " → ".join(str(count) for count in plan.device_counts)


def _time(plan: DevicePlan, language: Language) -> str:
    return _interval(plan.training_h, plan.training_low_h, plan.training_high_h, language)


def _interval(mid_h: float, low_h: float, high_h: float, language: Language) -> str:
    mid, low, high = (duration(hours * _HOUR_S, language) for hours in (mid_h, low_h, high_h))
    if low == high:
        return mid
    return say("format.interval", language, value=mid, low=low, high=high)


def _amount(found: Money | None, language: Language) -> str:
    if found is None:
        return say("page.review.none", language)
    return compact_money(found.amount, found.currency, language)


def _marks(plan: DevicePlan, language: Language) -> str:
    if not plan.extrapolations:
        return say("page.review.projected", language)
    marks = ", ".join(say(f"extrapolation.{key}", language) for key in plan.extrapolations)
    return say("page.review.projected_beyond", language, marks=marks)
