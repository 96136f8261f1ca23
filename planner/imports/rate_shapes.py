"""Curves that a logged rate is held against: each is a peak and a minimum around a share.

A share is 1 where the rate is at its peak and 0 at its minimum, as `planner.schedules.rate_curve`
has it; peak and minimum are then found by least squares.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.schedules.learning_rate import COOLDOWN_SHAPES, Cooldown, CooldownShape

Reals = NDArray[np.float64]
POWERS = (0.2, 8.0)
MOST_STARTS = 4000
"""Beginnings of a cooldown that are tried between two rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Logged rows from the end of a warm-up on, counted from there.

    Attributes:
        step: Of each row, shape (n,).
        epoch: Of each row, shape (n,).
        rate: Of each row, shape (n,).
        steps: Of the whole rest of the run.
        epochs: Of the whole rest of the run.
    """

    step: NDArray[np.int64]
    epoch: NDArray[np.int64]
    rate: Reals
    steps: int
    epochs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A decay with its parameters, but for peak and minimum.

    Attributes:
        decay: As `planner.schedules.learning_rate` calls it.
        share_fraction: Of the way from minimum to peak at each row, shape (n,).
        falls_to_minimum: Whether the minimum may be above zero.
        more: Further fields of a `LearningRate`.
    """

    decay: str
    share_fraction: Reals
    falls_to_minimum: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


def fitted(rate: Reals, shape: Shape) -> tuple[float, float]:
    """Peak and minimum by least squares, without the dust of their rounding."""
    if not shape.falls_to_minimum or float(np.ptp(shape.share_fraction)) == 0:
        peak = float(rate @ shape.share_fraction / (shape.share_fraction @ shape.share_fraction))
        return rounded(peak), 0.0
    both = np.column_stack([shape.share_fraction, 1 - shape.share_fraction])
    (peak, minimum), *_ = np.linalg.lstsq(both, rate, rcond=None)
    least = 0.0 if minimum < 1e-5 * peak else rounded(float(minimum))
    return rounded(float(peak)), min(least, rounded(float(peak)))


def rounded(value: float) -> float:
    """Six digits: what is left of a number that was logged with seven."""
    return float(f"{value:.6g}")


def shapes(rows: Rows) -> Iterator[Shape]:
    """Shapes that may fit, the plainest first."""
    count = len(rows.step)
    yield Shape(decay="constant", share_fraction=np.ones(count))
    left = 1 - rows.step / max(rows.steps, 1)
    yield from _of_stages(rows)
    yield Shape(decay="linear", share_fraction=left, falls_to_minimum=True)
    by_epoch = (1 + np.cos(np.pi * rows.epoch / max(rows.epochs, 1))) / 2
    yield Shape(decay="cosine", share_fraction=by_epoch, falls_to_minimum=True)
    by_step = (1 + np.cos(np.pi * (1 - left))) / 2
    yield Shape(decay="cosine_by_step", share_fraction=by_step, falls_to_minimum=True)
    yield Shape(decay="diminishing", share_fraction=1 / np.sqrt(rows.step + 1.0))
    yield from _exponential(rows)
    yield from _cooldowns(rows)
    yield from _polynomial(rows, left)


def _exponential(rows: Rows) -> Iterator[Shape]:
    if rows.epoch[-1] == rows.epoch[0] or not (rows.rate > 0).all():
        return
    slope = np.polyfit(rows.epoch, np.log(rows.rate), 1)[0]
    factor = rounded(float(np.exp(slope)))
    if 0 < factor < 1:
        share = factor ** rows.epoch.astype(np.float64)
        yield Shape(decay="exponential", share_fraction=share, more={"factor": factor})


def _polynomial(rows: Rows, left: Reals) -> Iterator[Shape]:
    from scipy.optimize import minimize_scalar  # only this needs it, and it takes long to load

    def miss(power: float) -> float:
        peak, minimum = fitted(
            rows.rate, Shape(decay="polynomial", share_fraction=left**power, falls_to_minimum=True)
        )
        return float(np.abs(minimum + (peak - minimum) * left**power - rows.rate).max())

    best = minimize_scalar(miss, bounds=POWERS, method="bounded", options={"xatol": 1e-9}).x
    for digits in (1, 2, 4, 8):
        power = round(float(best), digits)
        if power > 0:
            yield Shape(
                decay="polynomial",
                share_fraction=left**power,
                falls_to_minimum=True,
                more={"power": power},
            )


def _of_stages(rows: Rows) -> Iterator[Shape]:
    """Constant stages that begin at the one epoch between the rows around it."""
    jumps = np.flatnonzero(~np.isclose(rows.rate[1:], rows.rate[:-1], rtol=1e-5, atol=0))
    if not 0 < len(jumps) <= 100 or (np.diff(rows.epoch)[jumps] != 1).any():
        return
    milestones = tuple(int(epoch) for epoch in rows.epoch[jumps + 1])
    values = rows.rate[np.append(0, jumps + 1)]
    if milestones[0] < 1 or not (values > 0).all():
        return
    stage = np.searchsorted(np.array(milestones), rows.epoch, side="right")
    factors = values[1:] / values[:-1]
    if factors[0] < 1 and np.allclose(factors, factors[0], rtol=1e-4):
        factor = rounded(float(factors[0]))
        more = {"factor": factor, "milestones_epochs": milestones}
        yield Shape(
            decay="step", share_fraction=np.asarray(factor**stage, dtype=np.float64), more=more
        )
    share = (values / values[0])[stage]
    rates = tuple(rounded(float(value)) for value in values[1:])
    more = {"rates": rates, "milestones_epochs": milestones}
    yield Shape(decay="stages", share_fraction=share, more=more)


def _cooldowns(rows: Rows) -> Iterator[Shape]:
    """A plateau, and the beginning of its cooldown that fits best."""
    fallen = np.flatnonzero(rows.rate < rows.rate[0] * (1 - 1e-6))
    if not len(fallen) or fallen[0] == 0:
        return
    low, high = int(rows.step[fallen[0] - 1]), int(rows.step[fallen[0]])
    starts = np.unique(np.linspace(low, high, min(high - low, MOST_STARTS) + 1).astype(int))
    for name in COOLDOWN_SHAPES:
        best = min(starts, key=lambda start: _miss(rows, int(start), name))
        share = _cooldown_share(rows, int(best), name)
        fraction = _plain_fraction(int(best), rows.steps)
        if share is not None and 0 < fraction <= 1:
            cooldown = Cooldown(steps_fraction=fraction, shape=name)
            yield Shape(
                decay="wsd",
                share_fraction=share,
                falls_to_minimum=True,
                more={"cooldown": cooldown},
            )


def _miss(rows: Rows, start: int, name: CooldownShape) -> float:
    share = _cooldown_share(rows, start, name)
    if share is None:
        return np.inf
    peak, minimum = fitted(
        rows.rate, Shape(decay="wsd", share_fraction=share, falls_to_minimum=True)
    )
    return float(np.abs(minimum + (peak - minimum) * share - rows.rate).max())


def _cooldown_share(rows: Rows, start: int, name: CooldownShape) -> Reals | None:
    if not 0 <= start < rows.steps:
        return None
    done = np.maximum(rows.step - start, 0) / (rows.steps - start)
    if name == "linear":
        return np.asarray(1 - done)
    if name == "square_root":
        return np.asarray(1 - np.sqrt(done))
    return np.asarray((1 + np.cos(np.pi * done)) / 2)


def _plain_fraction(start: int, steps: int) -> float:
    """The shortest fraction with which the cooldown begins at that very step."""
    exact = (steps - start) / steps
    for digits in range(1, 12):
        if round(round(exact, digits) * steps) == steps - start:
            return round(exact, digits)
    return exact
