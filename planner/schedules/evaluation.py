"""When a run is evaluated: ``1ep``, ``0.5ep``, ``100ba`` or ``10000sp`` as steps done."""

import numpy as np
from numpy.typing import NDArray

from planner.refusal import require
from planner.schedules.position import Position, parse_position
from planner.schedules.schedule import StepTable


def parse_every(every: str) -> Position:
    """Distance between two evaluations; refused at ``every`` unless above zero."""
    distance = parse_position(every, field="every")
    require(distance.amount > 0, "every", "evaluation_distance_zero")
    return distance


def evaluation_steps(every: str, table: StepTable) -> NDArray[np.int64]:
    """Steps done at each evaluation, rising: 0, every step that reaches a multiple, the last.

    A multiple that falls inside a step is evaluated after it.
    """
    distance = parse_every(every)
    if distance.unit == "ba":
        due = np.arange(0, table.steps, int(distance.amount))
    else:
        scale = table.training_samples if distance.unit == "ep" else 1
        seen = np.append(table.samples, table.samples[-1] + table.items[-1])
        multiples = np.floor(seen / (distance.amount * scale) * (1 + 1e-12))
        due = np.append(0, np.flatnonzero(np.diff(multiples)) + 1)
    return np.unique(np.append(due, table.steps)).astype(np.int64)
