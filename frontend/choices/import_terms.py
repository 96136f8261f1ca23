"""The terms of an import, from what was typed into the page's fields."""

from typing import Any

from planner.economics.assumptions import Assumptions
from planner.imports.terms import ImportTerms, check_said
from planner.money import Money
from planner.pilots.pilot import HardwareChoice
from planner.pilots.target import Quality, Target

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
}
"""Fields by what the page calls them."""


def terms_of(typed: dict[str, Any]) -> ImportTerms:
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
