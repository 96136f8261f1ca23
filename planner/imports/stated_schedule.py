"""A schedule that somebody states, held against the batch sizes that its runs logged."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from planner.imports.logged_run import LoggedRun
from planner.refusal import Refusal
from planner.schedules.schedule import Schedule, StepTable, plan_steps


def check_stated(
    schedule: Schedule, runs: Iterable[LoggedRun], *, training_samples: int, field: str
) -> None:
    """Refuses a schedule that plans another batch than a run logged: its samples follow from it.

    A row may state the batch of the step to come or of the one before it, as for a schedule that
    is inferred: one of the two must be what is planned, in every row of a run. The last step of
    an epoch may be logged with the fewer samples that it really had.

    Args:
        schedule: With the epochs that its longest run took.
        runs: That trained under it; one that logged no batch contradicts nothing.
        training_samples: Samples of one epoch.
        field: Of the terms, where it was stated.

    Raises:
        Refusal: At its batch size, with the first row that says something else.
    """
    table = plan_steps(schedule, training_samples=training_samples, epochs=1)
    for run in runs:
        said = np.isfinite(run.batch_size)
        steps, logged = run.steps[said], np.rint(run.batch_size[said]).astype(np.int64)
        wrong = ~_says(table, steps, logged)
        if not wrong.any() or _says(table, steps - 1, logged).all():
            continue
        row = int(np.argmax(wrong))
        raise Refusal(
            f"{field}.batch_size",
            "import_schedule_contradicts",
            schedule=schedule.name,
            run=run.name,
            step=int(steps[row]),
            logged=int(logged[row]),
            stated=int(table.batch_size[_places(table, steps[row : row + 1])][0]),
        )


def _says(
    table: StepTable, steps: NDArray[np.int64], logged: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each step holds what was logged of it."""
    places = _places(table, steps)
    said: NDArray[np.bool_] = (table.batch_size[places] == logged) | (table.items[places] == logged)
    return said


def _places(table: StepTable, steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """What stands before the first step is said of the first, what stands after the last of it."""
    return np.clip(steps, 0, table.steps - 1)
