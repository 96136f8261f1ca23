"""Finding 8 in words: hits, false alarms, and how early the alarm came."""

from collections.abc import Sequence
from statistics import median

from benchmarks.found.divergences import COUNTS, HEALTHY, SentBack, Watched
from benchmarks.found.tables import NONE, table
from planner.inference.success import HitRate


def alarms(watched: Sequence[Watched]) -> str:
    """Hits on what was made to diverge and false alarms on healthy runs."""
    rows = [_row(kind, [one for one in watched if one.kind == kind]) for kind in COUNTS]
    spoilt = [one for one in watched if one.kind != HEALTHY]
    healthy = [one for one in watched if one.kind == HEALTHY]
    fired = sum(one.alarm_at is not None for one in healthy)
    hit = sum(one.alarm_at is not None for one in spoilt)
    silent = [one for one in spoilt if one.collapsed_at is not None and one.alarm_at is None]
    head = ["what was done", "runs", "alarm", "collapsed", "a loss not finite", "learnt again"]
    return "\n\n".join(
        [
            table([*head, "alarm to collapse: min, median, max (steps)"], rows),
            f"Hits: {_of(hit, len(spoilt))}. False alarms: {_of(fired, len(healthy))}. "
            f"Collapsed without an alarm: {len(silent)}.",
            _too_soon(spoilt),
        ]
    )


def rollbacks(sent: Sequence[SentBack]) -> str:
    """How the same too fast growth ends when a run may go back twice, half the rate each time."""
    ended = [one for one in sent if one.validation_accuracy is not None]
    if not ended:
        return f"With the policy that sends runs back: none of {len(sent)} came to its end."
    accuracies = sorted(one.validation_accuracy or 0.0 for one in ended)
    times = ", ".join(
        f"{sum(one.rollbacks == count for one in sent)} went back {count} times"
        for count in sorted({one.rollbacks for one in sent})
    )
    return (
        f"The same growth by 2.83 a stage with the policy `roll_back` (start of the stage, empty "
        f"momentum buffer, half the rate, at most twice): {times}; "
        f"{_of(len(ended), len(sent))} came to their planned end, with a validation accuracy of "
        f"{accuracies[0]:.3f} to {accuracies[-1]:.3f}, median {median(accuracies):.3f}."
    )


def _row(kind: str, ours: Sequence[Watched]) -> list[str]:
    early = sorted(one.early_steps for one in ours if one.early_steps is not None)
    span = f"{early[0]}, {median(early):g}, {early[-1]}" if early else NONE
    counts = (
        sum(one.alarm_at is not None for one in ours),
        sum(one.collapsed_at is not None for one in ours),
        sum(not one.finite for one in ours),
        sum(one.recovered for one in ours),
    )
    return [kind, str(len(ours)), *map(str, counts), span]


def _too_soon(spoilt: Sequence[Watched]) -> str:
    """Alarms before anything was done to a run are false, however the run ended."""
    before = [
        one
        for one in spoilt
        if None not in (one.alarm_at, one.injected_at) and one.alarm_at < one.injected_at
    ]
    late = [
        one.alarm_at - one.injected_at
        for one in spoilt
        if one.injected_at is not None
        and one.alarm_at is not None
        and one.alarm_at >= one.injected_at
    ]
    if not late:
        return f"Alarms before the run was spoilt: {len(before)}."
    return (
        f"Alarms before the run was spoilt: {len(before)}. After it: {min(late)} to {max(late)} "
        f"steps, median {median(late):g}."
    )


def _of(count: int, total: int) -> str:
    """A share with its exact 90 % limits."""
    low, high = HitRate(successes=count, runs=total).limits()
    return f"{count} of {total} (90 % limits {low:.1%} to {high:.1%})"
