"""Markdown and CSV, with numbers as plain as they are sure."""

import csv
import io
import math
from collections.abc import Iterable, Sequence

from planner.inference.statistics import Interval
from planner.reviews.comparison import Comparison

NONE = "-"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def number(value: float | None, digits: int = 3) -> str:
    """So many significant digits; a dash for what is not defined."""
    if value is None or not math.isfinite(value):
        return NONE
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:g}" if abs(rounded) < 10_000 else f"{rounded:.0f}"


def ratio(interval: Interval | None) -> str:
    """A ratio with its 90 % limits."""
    if interval is None:
        return NONE
    return f"{interval.mid:.2f} [{interval.low:.2f}, {interval.high:.2f}]"


def compared(comparison: Comparison) -> str:
    """The time ratio; where a run is censored, time per success over the baseline's."""
    if comparison.time_ratio is not None:
        return ratio(comparison.time_ratio)
    found = comparison.cost_per_success_ratio
    censored = f"{comparison.censored_pairs} of {comparison.pairs} pairs censored"
    if found is None:
        return f"{NONE} ({censored})"
    return f"{found.mid:.2f} [{found.low:.2f}, {found.high:.2f}] per success ({censored})"


def csv_text(rows: Sequence[dict[str, object]]) -> str:
    """All rows have the columns of the first."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
