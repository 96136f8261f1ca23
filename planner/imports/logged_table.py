"""One run as a table: what every reader makes of a file before a mapping is applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planner.imports.logged_run import LoggedEnd, SourceFormat, Values
from planner.imports.mapping import RepeatRule
from planner.refusal import Refusal

NOT_SAID = np.nan
NOT_FINITE = np.inf
"""A cell that holds no value, and one that holds a value which is not finite: in a raw column only,
so that a loss that became NaN is told from a row that does not mention the loss."""

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedTable:
    """The rows of one run, as they were logged.

    Attributes:
        name: As its source calls it.
        source: Kind of file that it was read from.
        columns: By name, each of shape (n,), with `NOT_SAID` and `NOT_FINITE`.
        places: Line, record or row of the file that each row came from, shape (n,).
        facts: What holds for the whole run, by name.
        ended: How its source says it ended.
        started_s: When it started, in seconds since 1970; None where its source does not say.
        cut_off: Whether its log ends in the middle of a record, whose rows are missing here.
    """

    name: str
    source: SourceFormat
    columns: Mapping[str, Values]
    places: Places
    facts: Mapping[str, str] = field(default_factory=dict)
    ended: LoggedEnd = "unknown"
    started_s: float | None = None
    cut_off: bool = False


def joined(
    keys: Values,
    columns: Mapping[str, Values],
    places: Places,
    *,
    latest: Sequence[str],
    repeats: RepeatRule,
    run: str,
) -> tuple[Values, dict[str, Values], Places]:
    """One row a key, keys rising; rows of one key complete each other.

    Args:
        keys: Where in the training each row stands, shape (n,).
        columns: Raw columns, each of shape (n,).
        places: Where in the file each row stands.
        latest: Columns of which the largest value of a key counts: those of time.
        repeats: What counts where rows of one key say different things.
        run: Whose rows they are.

    Raises:
        Refusal: Two rows of one key contradict each other.
    """
    if bool(np.all(np.diff(keys) > 0)):
        return keys, dict(columns), places
    order = np.argsort(keys, kind="stable")
    kept, first = np.unique(keys[order], return_index=True)
    group = np.repeat(np.arange(len(kept)), np.diff(np.append(first, len(keys))))
    merged = {
        name: _largest(values[order], group, len(kept))
        if name in latest
        else _only(values[order], group, len(kept))
        for name, values in columns.items()
    }
    if repeats == "refuse":
        for name, values in merged.items():
            if name not in latest:
                check_agreed(
                    columns[name][order], values[group], places[order], kept[group], (run, name)
                )
    return kept, merged, places[order][first]


def _only(values: Values, group: NDArray[np.int64], count: int) -> Values:
    """The last value that a group says."""
    out = np.full(count, NOT_SAID)
    said = ~np.isnan(values)
    out[group[said]] = values[said]
    return out


def _largest(values: Values, group: NDArray[np.int64], count: int) -> Values:
    out = np.full(count, -np.inf)
    said = ~np.isnan(values)
    np.maximum.at(out, group[said], values[said])
    return np.where(np.isneginf(out), NOT_SAID, out)


def check_agreed(
    values: Values, kept: Values, places: Places, keys: Values, names: tuple[str, str]
) -> None:
    """Refuses what one key says in two ways.

    Args:
        values: What each row says, keys rising; NaN where it says nothing.
        kept: What counts for the key of each row.
        places: Where in the file each row stands.
        keys: Of each row.
        names: Of the run and of the column.

    Raises:
        Refusal: Two rows of one key contradict each other.
    """
    other = np.flatnonzero(~np.isnan(values) & (values != kept))
    if len(other):
        at = int(other[0])
        last = np.flatnonzero((keys == keys[at]) & (values == kept))[-1]
        raise Refusal(
            "file",
            "import_rows_contradict",
            run=names[0],
            column=names[1],
            step=float(keys[at]),
            line=int(places[last]),
            other=int(places[at]),
        )
