"""Steps that are done where a row stands, from steps, epochs or samples."""

import numpy as np
from numpy.typing import NDArray

from planner.imports.logged_run import Values
from planner.imports.logged_table import Places
from planner.imports.mapping import ColumnMapping
from planner.refusal import Refusal, require

LARGEST_STEP = 2**53
"""Above it a number that was logged with a fraction is not exact any more."""


def steps_done(
    keys: Values, batch: Values, mapping: ColumnMapping, *, run: str, places: Places
) -> NDArray[np.int64]:
    """Steps done at every row.

    An epoch of n samples has ceil(n/b) steps of b samples, the last one smaller. The batch of a row
    is that of the steps since the row before, and holds until another one is said.

    Args:
        keys: What the mapping's step, epoch or samples say, rising; shape (n,).
        batch: Samples of a step at every row.
        mapping: With every question answered.
        run: Whose rows they are.
        places: Where in the file each row stands.

    Raises:
        Refusal: A key is below zero or no whole step, or a batch that is needed is missing.
    """
    wrong = (keys < 0) | (keys > LARGEST_STEP)
    if mapping.step is not None:
        wrong |= keys != np.floor(keys)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise Refusal(
            "file",
            "import_step_wrong",
            run=run,
            line=int(places[at]),
            value=f"{keys[at]:.15g}",
        )
    if mapping.step is not None:
        return keys.astype(np.int64)
    batch = _held(batch)
    require(not bool(np.isnan(batch).any()), "batch_size", "import_batch_not_said", run=run)
    if mapping.epoch is None:
        return _whole(np.cumsum(np.diff(keys, prepend=0.0) / batch))
    done = keys + (mapping.epoch.meaning == "index")
    before = np.append(0.0, done[:-1])
    samples = mapping.training_samples or 1
    return _whole(np.cumsum(_steps_at(done, batch, samples) - _steps_at(before, batch, samples)))


def _held(values: Values) -> Values:
    """Every value until the next one that is said."""
    last = np.maximum.accumulate(np.where(np.isnan(values), 0, np.arange(len(values))))
    return np.asarray(values[last])


def _steps_at(epochs: Values, batch: Values, training_samples: int) -> Values:
    """Steps of so many epochs at one batch size."""
    whole = np.floor(epochs)
    per_epoch = np.ceil(training_samples / batch)
    return np.asarray(whole * per_epoch + (epochs - whole) * training_samples / batch)


def _whole(steps: Values) -> NDArray[np.int64]:
    return np.ceil(steps - 1e-6).astype(np.int64)
