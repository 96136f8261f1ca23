"""Gates of an adoption: criteria that are fixed beforehand, and whether facts meet them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_unique
from planner.pilots.pilot import MOST_FINALISTS, Pilot
from planner.refusal import Refusal, require
from planner.reviews.review import Review
from planner.reviews.selection import confidence_to_adopt

GateName = Literal["limited_rollout", "full"]
"""Message keys below ``gate.``."""

AdoptionStage = Literal["pilot", "limited_rollout", "full", "returned"]
"""Where the candidate is used; message keys below ``adoption``."""

DecisionKind = Literal["criteria_fixed", "signed_off", "returned"]
"""Message keys below ``gate_event.``."""

CriterionKey = Literal[
    "verdict_adopt",
    "npv_positive_probability",
    "payback_in_time_probability",
    "payback_months",
    "trainings",
    "reached_fraction",
    "realised_fraction",
]
"""Message keys below ``criterion.``."""

OFFERED: dict[GateName, tuple[CriterionKey, ...]] = {
    "limited_rollout": (
        "verdict_adopt",
        "npv_positive_probability",
        "payback_in_time_probability",
        "payback_months",
    ),
    "full": ("trainings", "reached_fraction", "realised_fraction"),
}
"""What each gate may ask for: the first looks at the pilot, the second at production."""

AT_MOST: frozenset[CriterionKey] = frozenset({"payback_months"})
"""Criteria whose bound is a largest value; of all others it is the smallest."""

PARTS_OF_ONE: frozenset[CriterionKey] = frozenset(
    {"npv_positive_probability", "payback_in_time_probability", "reached_fraction"}
)
"""Criteria between 0 and 1."""

_DECIMALS = 3
"""Of a suggested probability: people read and type tenths of a per cent."""

_OPENS: dict[AdoptionStage, GateName | None] = {
    "pilot": "limited_rollout",
    "returned": "limited_rollout",
    "limited_rollout": "full",
    "full": None,
}

Facts = Mapping[CriterionKey, float | None]
"""What was found for each criterion; None where it is not known or never happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One condition of a gate.

    Attributes:
        key: What is looked at.
        bound: Smallest, or for `AT_MOST` largest, value that passes; in the unit of ``key``, and
            1 for a yes.
    """

    key: CriterionKey
    bound: float = 1.0

    def __post_init__(self) -> None:
        require(math.isfinite(self.bound), "bound", "not_finite")
        require(self.bound >= 0, "bound", "negative")
        if self.key in PARTS_OF_ONE:
            require(self.bound <= 1, "bound", "not_a_probability")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One condition against what was found.

    Attributes:
        criterion: The condition.
        found: In the unit of its key; None where it is not known, or never comes.
        passed: Whether it is met; what is not known is not.
    """

    criterion: Criterion
    found: float | None
    passed: bool


FULL_USE = (
    Criterion(key="trainings", bound=3.0),
    Criterion(key="reached_fraction", bound=0.8),
    Criterion(key="realised_fraction", bound=0.7),
)
"""Criteria to begin with at the gate to full use. Ours, not from a source."""


def check_criteria(gate: GateName, criteria: Sequence[Criterion]) -> None:
    """Refuses no criteria, one twice, and one that the gate does not look at."""
    require(bool(criteria), "criteria", "criteria_missing")
    for place, criterion in enumerate(criteria):
        if criterion.key not in OFFERED[gate]:
            raise Refusal(f"criteria[{place}].key", "criterion_not_offered", key=criterion.key)
    check_unique([one.key for one in criteria], "criteria[{}].key", "criterion_repeated")


def findings(criteria: Sequence[Criterion], facts: Facts) -> tuple[Finding, ...]:
    """Every criterion against the facts, in its order."""
    return tuple(
        Finding(
            criterion=criterion,
            found=facts.get(criterion.key),
            passed=_passes(criterion, facts.get(criterion.key)),
        )
        for criterion in criteria
    )


def next_gate(stage: AdoptionStage) -> GateName | None:
    """The gate that lies ahead; None where the candidate is used everywhere."""
    return _OPENS[stage]


def stage_after(stage: AdoptionStage, kind: DecisionKind, gate: GateName | None) -> AdoptionStage:
    """Where the candidate is used after a decision."""
    if kind == "signed_off" and gate is not None:
        return gate
    return "returned" if kind == "returned" else stage


def suggested(gate: GateName, pilot: Pilot, review: Review | None) -> tuple[Criterion, ...]:
    """Criteria to begin with: what the verdict asks for, then what was promised for the most part.

    Those of the first gate are the verdict's own, of the review where there is one.
    """
    if gate == "limited_rollout":
        assumptions = review.assumptions if review else pilot.assumptions
        required = required_beforehand(pilot)
        if review is not None:
            required = review.verdict.required_probability
        return (
            Criterion(key="verdict_adopt"),
            Criterion(key="npv_positive_probability", bound=round(required, _DECIMALS)),
            Criterion(key="payback_months", bound=assumptions.payback_limit_months),
        )
    return FULL_USE


def required_beforehand(pilot: Pilot) -> float:
    """Probability that a verdict of this pilot will ask for, with as many finalists as may be."""
    return confidence_to_adopt(
        looks=pilot.looks,
        confidence=pilot.assumptions.confidence,
        finalists=min(len(pilot.candidates), MOST_FINALISTS),
    )


def check_confirmed(review: Review, schedule: str) -> None:
    """Refuses a candidate that has no runs but those that it was chosen by.

    Whatever these show is too good: it was the reason to look at them.
    """
    found = next(one for one in review.schedules if one.schedule == schedule)
    confirmed = found.seeds_from == "confirmation"
    require(confirmed, "terms.schedule", "candidate_not_confirmed", schedule=schedule)


def facts_of_review(review: Review, schedule: str) -> dict[CriterionKey, float | None]:
    """What the gate to a limited rollout looks at, of one candidate."""
    found = next(one for one in review.schedules if one.schedule == schedule)
    verdict = found.verdict or review.verdict
    return {
        "verdict_adopt": float(verdict.kind == "adopt"),
        "npv_positive_probability": verdict.npv_positive_probability,
        "payback_in_time_probability": verdict.payback_in_time_probability,
        "payback_months": found.case.payback.months if found.case else None,
    }


def _passes(criterion: Criterion, found: float | None) -> bool:
    if found is None:
        return False
    return found <= criterion.bound if criterion.key in AT_MOST else found >= criterion.bound
