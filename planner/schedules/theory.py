"""What the theory says of schedules: terms that rank them, and how far a decrease is covered.

A bound that was fitted on one family over-predicts another several times: it ranks schedules and
explains them, and never predicts a time.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planner.schedules.momentum import MomentumForm, effective_rate
from planner.schedules.schedule import Schedule, StepTable, stages

Family = Literal[
    "constant_batch_constant_rate",
    "constant_batch_decaying_rate",
    "constant_batch_growing_rate",
    "growing_batch_constant_rate",
    "growing_batch_decaying_rate",
    "growing_batch_growing_rate",
    "growing_batch_warmed_up_rate",
    "other",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoryTerms:
    """Kondo & Iiduka (arXiv 2508.03105), on effective rates eta; smaller is better.

    Attributes:
        bias: ``B_T = 1 / sum(eta_t)``.
        variance: ``V_T = sum(eta_t^2 / b_t) / sum(eta_t)``, in units of the gradient's variance.
    """

    bias: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLimit:
    """How far a stage is covered by the Lyapunov function for time-varying rates.

    With r the largest growth of the effective rate from one step to the next and
    ``c = beta / (2 (1 - beta r))``, the expected decrease is shown where ``L eta <= 1/2`` and
    ``L^2 eta^2 c beta r / (1 - beta) <= 1/4``, L being the smoothness of the loss.

    Attributes:
        first_step: Where the stage starts.
        growth_ratio: r, at least 1, the jump into the stage included.
        largest_smoothness: Largest L for which the stage is covered, per unit of effective rate;
            None where ``beta r >= 1``: not covered, however smooth the loss is.
    """

    first_step: int
    growth_ratio: float
    largest_smoothness: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoryFacts:
    """One schedule as the theory sees it; for ranking only.

    Attributes:
        family: Which of the theory's cases it is nearest to.
        limits: One a stage.
    """

    family: Family
    terms: TheoryTerms
    limits: tuple[StageLimit, ...]


def theory_terms(table: StepTable, *, form: MomentumForm) -> TheoryTerms:
    """Bias and variance terms of a whole run, with planned batch sizes as in the paper."""
    rate = effective_rate(form, rate=table.learning_rate, beta=table.momentum)
    summed = float(rate.sum())
    return TheoryTerms(bias=1 / summed, variance=float((rate**2 / table.batch_size).sum()) / summed)


def theory_facts(schedule: Schedule, table: StepTable, *, form: MomentumForm) -> TheoryFacts:
    """Family, terms and the limits of every stage."""
    return TheoryFacts(
        family=family(schedule, table),
        terms=theory_terms(table, form=form),
        limits=stage_limits(table, form=form),
    )


def family(schedule: Schedule, table: StepTable) -> Family:
    """By what the batch size and the rate do over the run."""
    batch_moves = np.diff(table.batch_size)
    rate_moves = np.diff(table.learning_rate)
    if (batch_moves < 0).any():
        return "other"
    batch = "growing_batch" if (batch_moves > 0).any() else "constant_batch"
    rises, falls = bool((rate_moves > 0).any()), bool((rate_moves < 0).any())
    if schedule.learning_rate.warm_up is not None and rises:
        return "growing_batch_warmed_up_rate" if batch == "growing_batch" else "other"
    if rises and falls:
        return "other"
    rate = "growing_rate" if rises else "decaying_rate" if falls else "constant_rate"
    names: dict[str, Family] = {
        "constant_batch_constant_rate": "constant_batch_constant_rate",
        "constant_batch_decaying_rate": "constant_batch_decaying_rate",
        "constant_batch_growing_rate": "constant_batch_growing_rate",
        "growing_batch_constant_rate": "growing_batch_constant_rate",
        "growing_batch_decaying_rate": "growing_batch_decaying_rate",
        "growing_batch_growing_rate": "growing_batch_growing_rate",
    }
    return names[f"{batch}_{rate}"]


def stage_limits(table: StepTable, *, form: MomentumForm) -> tuple[StageLimit, ...]:
    """How smooth the loss must be for an expected decrease in every step of a stage."""
    rate = effective_rate(form, rate=table.learning_rate, beta=table.momentum)
    growth = np.divide(rate[1:], rate[:-1], out=np.ones(len(rate) - 1), where=rate[:-1] > 0)
    found = []
    for stage in stages(table):
        end = stage.first_step + stage.steps
        into = max(stage.first_step - 1, 0)
        ratio = float(max(1.0, growth[into : end - 1].max(initial=1.0)))
        beta = float(table.momentum[stage.first_step : end].max())
        top = float(rate[stage.first_step : end].max())
        found.append(
            StageLimit(
                first_step=stage.first_step,
                growth_ratio=ratio,
                largest_smoothness=_largest_smoothness(ratio, beta=beta, rate=top),
            )
        )
    return tuple(found)


def lyapunov_weight(beta: float, *, growth_ratio: float) -> float:
    """``c = beta / (2 (1 - beta r))``, the weight of the momentum's error; needs ``beta r < 1``."""
    return beta / (2 * (1 - beta * growth_ratio))


def _largest_smoothness(growth_ratio: float, *, beta: float, rate: float) -> float | None:
    if beta * growth_ratio >= 1:
        return None
    if beta == 0:
        return 0.5 / rate
    c = lyapunov_weight(beta, growth_ratio=growth_ratio)
    by_momentum = math.sqrt((1 - beta) / (4 * c * beta * growth_ratio))
    return min(0.5, by_momentum) / rate
