"""What a run recorded: one Measurement per evaluation."""

from dataclasses import dataclass

from planner.run import Attempt, Run, RunStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One evaluation inside a run.

    Attributes:
        step: Steps done before it.
        metrics: Values by metric name; a value that was not finite is absent.
    """

    step: int
    metrics: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run with everything the review needs of it.

    Attributes:
        run_id: Identifier in the database or the file it came from.
        run: What was run.
        status: Where its life cycle stands.
        attempts: Every execution, in order; work repeated by a later one stays on the bill.
        measurements: Live evaluations, by rising step; superseded ones are left out.
        final_metrics: Test metrics, reported once at the end.
    """

    run_id: str
    run: Run
    status: RunStatus
    attempts: tuple[Attempt, ...]
    measurements: tuple[Measurement, ...]
    final_metrics: dict[str, float]
