"""What the x axis of a line-up counts, for each of its lines."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from planner.chart import Axis
from planner.economics.energy import JOULES_PER_KWH
from planner.line_ups.entrant import Entrant
from planner.line_ups.entry import Lacking, exchanged, power_of
from planner.line_ups.line_up_request import Along
from planner.money import Money
from planner.reviews.convergence import money_so_far

Steps = NDArray[np.int64]
Effort = Callable[[Steps], NDArray[np.float64]]
"""From steps done to what they took."""


def axis_of(along: Along, currency: str) -> Axis:
    """The x axis."""
    axes: dict[Along, Axis] = {
        "epoch": Axis(label="epochs"),
        "step": Axis(label="steps"),
        "sample": Axis(label="samples"),
        "second": Axis(label="composed_time", unit="s"),
        "money": Axis(label="training_cost_so_far", unit=currency),
        "energy": Axis(label="energy_so_far", unit="kWh"),
    }
    return axes[along]


def effort_of(one: Entrant, along: Along, currency: str) -> Effort | Lacking:
    """What steps of a line took; seconds are composed, evaluations apart."""
    judged = one.participant.judged
    course = judged.laid_out[one.arm.schedule]
    training_samples = judged.given.workload.training_samples
    plain: dict[Along, Effort] = {
        "epoch": lambda steps: course.samples[steps] / training_samples,
        "step": lambda steps: steps.astype(np.float64),
        "sample": lambda steps: course.samples[steps].astype(np.float64),
        "second": lambda steps: course.elapsed_s[steps],
    }
    if along in plain:
        return plain[along]
    return _money(one, currency) if along == "money" else _energy(one)


def _money(one: Entrant, currency: str) -> Effort | Lacking:
    """On the pilot's own hardware at its own price, exchanged."""
    own = one.participant.review.assumptions.currency
    unit = exchanged(one, Money(amount=1.0, currency=own), currency)
    if unit is None:
        return "not_exchanged"
    priced = money_so_far(one.participant.judged, one.participant.review.schedules)
    effort = priced(one.arm.schedule)
    if effort is None:
        return "not_priced"
    return lambda steps: unit.amount * effort(steps)


def _energy(one: Entrant) -> Effort | Lacking:
    """Of training alone, at the mean power of the runs; evaluations are apart as in seconds."""
    judged = one.participant.judged
    power = power_of(one.arm, judged)
    if power is None:
        return "power_unknown"
    elapsed_s = judged.laid_out[one.arm.schedule].elapsed_s
    return lambda steps: elapsed_s[steps] * power.mean_w / JOULES_PER_KWH
