"""The product's decision on simulated pairs: speed-up, propagation, verdict, look by look."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planner.economics.assumptions import Assumptions
from planner.economics.break_even import break_even_time_ratio
from planner.economics.investment import TrainingComparison
from planner.economics.speed_up import speed_up
from planner.economics.uncertainty import Propagation, propagate
from planner.inference.quality import judge_quality
from planner.inference.rate_choice import Rival
from planner.inference.success import HitRate
from planner.money import Money
from planner.reviews.evidence import Evidence
from planner.reviews.verdict import Decision, decide

NOTHING = Money(amount=0.0, currency="USD")
TOLERANCE = 0.01
"""Of the final accuracy."""

ACCURACY_SD = 0.002
"""Of the final accuracy from seed to seed: a gate that is seldom what decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What adopting would cost and be worth; the same in every repeat.

    Attributes:
        assumptions: Trainings, outlay, horizon; the payback limit is the horizon, so that the
            net present value alone decides.
        today: One training today.
    """

    assumptions: Assumptions
    today: TrainingComparison = field(
        default_factory=lambda: TrainingComparison(
            training_h=12.0,
            device_count=8,
            candidate_device_count=8,
            overhead_fraction=0.0,
            price_per_device_h=Money(amount=2.5, currency="USD"),
        )
    )

    @property
    def break_even_ratio(self) -> float:
        """Time ratio at which the net present value is zero."""
        ratio = break_even_time_ratio(
            self.today, pilot_device_cost=NOTHING, assumptions=self.assumptions
        )
        assert ratio is not None
        return ratio

    def odds(
        self,
        candidate: NDArray[np.float64],
        baseline: NDArray[np.float64],
        *,
        budget: float,
        rivals: tuple[Rival, ...] = (),
    ) -> Propagation | None:
        """What the pairs leave possible; None where they give no figure."""
        ratio = speed_up(
            np.minimum(candidate, budget).tolist(),
            (candidate <= budget).tolist(),
            np.minimum(baseline, budget).tolist(),
            (baseline <= budget).tolist(),
            rivals=rivals,
        )
        if ratio is None:
            return None
        return propagate(
            self.today,
            speed_up=ratio,
            pilot_device_cost=NOTHING,
            assumptions=self.assumptions,
            transferred=False,
        )


TUNED = Plan(
    assumptions=Assumptions(
        trainings_per_month=20,
        engineer_rate_per_h=90,
        adoption_engineer_h=40,
        horizon_months=24,
        payback_limit_months=24,
    )
)
"""Forty hours of an engineer, two trainings to re-tune and one to validate, to be earned back."""

FREE = Plan(
    assumptions=Assumptions(
        trainings_per_month=20,
        retuning_trainings=0,
        validation_trainings=0,
        horizon_months=24,
        payback_limit_months=24,
    )
)
"""Nothing to invest: any speed-up pays, so that a candidate that is no faster is a coin toss."""


def evidence(
    propagation: Propagation | None,
    candidate: NDArray[np.float64],
    baseline: NDArray[np.float64],
    *,
    budget: float,
    accuracies: tuple[NDArray[np.float64], NDArray[np.float64]],
    look: int,
    looks: int,
    finalists: int = 1,
    schedule: str = "candidate",
) -> Evidence:
    """What the decision rests on after these pairs."""
    n = len(baseline)
    quality = judge_quality(
        accuracies[0].tolist(), accuracies[1].tolist(), tolerance=TOLERANCE, direction="above"
    )
    return Evidence(
        schedule=schedule,
        propagation=propagation,
        quality=quality.status,
        candidate_hits=HitRate(successes=int((candidate <= budget).sum()), runs=n),
        baseline_hits=HitRate(successes=int((baseline <= budget).sum()), runs=n),
        pairs=n,
        confirmed=True,
        one_rate_only=False,
        transferred=False,
        price_dated=True,
        look=look,
        looks=looks,
        confidence=0.8,
        finalists=finalists,
    )


def last_decision(steps: Sequence[Evidence]) -> Decision:
    """Where a team ends that follows the verdicts: it adds seeds only while told to extend."""
    kind: Decision = "extend"
    for found in steps:
        kind = decide(found).kind
        if kind != "extend":
            break
    return kind
