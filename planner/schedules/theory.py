"""The two terms of the convergence bound: they rank schedules and never predict time."""

from dataclasses import dataclass

from planner.schedules.momentum import MomentumForm, effective_rate
from planner.schedules.schedule import StepTable


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoryTerms:
    """Kondo & Iiduka (arXiv 2508.03105), on effective rates eta; smaller is better.

    Attributes:
        bias: ``B_T = 1 / sum(eta_t)``.
        variance: ``V_T = sum(eta_t^2 / b_t) / sum(eta_t)``, in units of the gradient's variance.
    """

    bias: float
    variance: float


def theory_terms(table: StepTable, *, form: MomentumForm) -> TheoryTerms:
    """Bias and variance terms of a whole run, with planned batch sizes as in the paper."""
    rate = effective_rate(form, rate=table.learning_rate, beta=table.momentum)
    summed = float(rate.sum())
    return TheoryTerms(bias=1 / summed, variance=float((rate**2 / table.batch_size).sum()) / summed)
