"""The terms of an import, from what was typed into the page's fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from frontend.planning.document import Document
from frontend.planning.stated import stated_schedule
from planner.economics.assumptions import Assumptions
from planner.imports.terms import ImportTerms, check_said
from planner.money import Money
from planner.pilots.pilot import HardwareChoice
from planner.pilots.target import Quality, Target
from planner.refusal import Refusal
from planner.schedules.schedule import Schedule

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

OF_TIMES = ("count", "price", "included")
"""Of these, what is asked only of runs with times: without them nothing has a price."""

LABELS = {
    **{field: field for field in ("name", "workload", "training_samples", "baseline", "device")},
    **{field: field for field in ("candidates", "seeds_in_order", "evaluation_s")},
    "target.metric": "target_metric",
    "target.direction": "direction",
    "target.value": "target_value",
    "target.sustained_evaluations": "sustained",
    "quality.metric": "quality_metric",
    "quality.tolerance": "tolerance",
    "hardware.device_count": "device_count",
    "hardware.rent_per_gpu_hour": "price",
    "evaluations_included": "evaluations",
    "schedules": "stated",
}
"""Fields by what the page calls them; what is wrong within a schedule is said of schedules."""


def terms_of(typed: dict[str, Any]) -> ImportTerms:
    """The terms as they were typed.

    Raises:
        Refusal: Something was not said.
    """
    untimed = typed["without_time"]
    for part, field in ASKED.items():
        if not (untimed and part in OF_TIMES):
            check_said(typed[part], field)
    quality = None
    if typed["quality"] is not None:
        check_said(typed["tolerance"], "quality.tolerance")
        quality = Quality(metric=typed["quality"], tolerance=typed["tolerance"])
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
        schedules=tuple(_schedules(typed["stated"])),
        hardware=HardwareChoice() if untimed else _hardware(typed),
        device=typed["device"],
        evaluations_included=untimed or typed["included"],
        evaluation_s=typed["evaluation_s"],
        seeds_in_order=typed["seeds_in_order"],
        assumptions=Assumptions(currency=typed["currency"]),
    )


def _hardware(typed: dict[str, Any]) -> HardwareChoice:
    price = Money(amount=typed["price"], currency=typed["currency"])
    return HardwareChoice(device_count=typed["count"], rent_per_gpu_hour=price)


def _schedules(stated: Mapping[str, Document | None]) -> Iterator[Schedule]:
    """Schedules that are stated in place of what the log shows.

    Raises:
        Refusal: One is still open, or not what a schedule can be.
    """
    for place, document in enumerate(stated.values()):
        check_said(document, "schedules")
        try:
            yield stated_schedule(document or {})
        except Refusal as refusal:
            field = f"schedules[{place}].{refusal.field}"
            raise Refusal(field, refusal.code, **refusal.params) from refusal
