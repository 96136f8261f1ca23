"""Rows that each name one value, as a table with a column a name."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from planner.imports.logged_run import Values
from planner.imports.logged_table import NOT_SAID, Places, check_agreed, joined
from planner.imports.mapping import RepeatRule

Codes = NDArray[np.int32]


def pivoted(
    keys: Values,
    named: tuple[Codes, Values],
    others: Mapping[str, Values],
    places: Places,
    *,
    names: Mapping[int, str],
    latest: Sequence[str],
    repeats: RepeatRule,
    run: str,
) -> tuple[Values, dict[str, Values], Places]:
    """One row a key, keys rising.

    Args:
        keys: Where in the training each row stands, shape (n,).
        named: Code of what each row is about, and its raw value.
        others: Raw columns beside them, such as the time of a row.
        places: Where in the file each row stands.
        names: What rows are about, by code; others are left out.
        latest: Columns of which the largest value of a key counts: those of time.
        repeats: What counts where rows of one key and name say different values.
        run: Whose rows they are.

    Raises:
        Refusal: Two rows of one key and name contradict each other.
    """
    order = np.argsort(keys, kind="stable")
    keys, places = keys[order], places[order]
    about, values = named[0][order], named[1][order]
    kept, first, group = np.unique(keys, return_index=True, return_inverse=True)
    columns: dict[str, Values] = {}
    for code, name in names.items():
        rows = np.flatnonzero((about == code) & ~np.isnan(values))
        column = np.full(len(kept), NOT_SAID)
        column[group[rows]] = values[rows]
        if repeats == "refuse":
            of_rows = (values[rows], column[group[rows]], places[rows], keys[rows])
            check_agreed(*of_rows, (run, name))
        columns[name] = column
    beside = {name: column[order] for name, column in others.items()}
    _, rest, _ = joined(keys, beside, places, latest=latest, repeats=repeats, run=run)
    return kept, {**columns, **rest}, places[first]
