"""Every table of a pilot: what was run, what was measured, and what the money follows from.

Runs are numbered from 1 in the pilot's order, so that two pilots with the same seeds and the same
throughput curve give the same tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.reports.clock_tables import clock_gaps_table, wall_clock_table
from backend.reports.csv_table import Table, table_of
from backend.reports.measurement_files import (
    ATTEMPT_COLUMNS,
    OPTIONAL_COLUMNS,
    RUN_COLUMNS,
)
from backend.reports.numbered_runs import numbered
from backend.reports.statistics_table import statistics_table
from backend.wire.codec import encode
from planner.chart import Chart
from planner.measurements.measurement import RunRecord
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.reviews.race import Race
from planner.reviews.review import Review
from planner.reviews.review_input import PilotEvidence
from planner.reviews.schedule_review import ScheduleReview
from planner.schedules.schedule import plan_steps, stages

JUDGED_COLUMNS = (
    "steps",
    "step_to_target",
    "epochs_to_target",
    "samples_to_target",
    "time_to_target_s",
    "training_s",
    "billed_s",
    "evaluations",
    "final_target_value",
    "final_quality",
)

CHART_COLUMNS = ("series", "role", "x", "y", "low", "high", "x_low", "x_high")


def pilot_tables(evidence: PilotEvidence, review: Review) -> tuple[Table, ...]:
    """All tables that a pilot's folder holds, the series of single runs apart."""
    workload = evidence.facts()
    if workload is None:
        raise AssertionError("a review was computed from these facts")
    return (
        schedules_table(review),
        statistics_table(review),
        runs_table(evidence.records, review),
        attempts_table(evidence.records),
        wall_clock_table(evidence.records),
        clock_gaps_table(evidence.records, review),
        evaluations_table(evidence.records),
        stages_table(evidence.pilot, workload),
        throughput_table(evidence),
        cash_flows_table(review),
        settings_table(evidence, workload, review),
        *(chart_table(chart) for chart in review.charts),
    )


def schedules_table(review: Review) -> Table:
    """The comparison: one row a schedule."""
    rows = [_schedule_row(reviewed) for reviewed in review.schedules]
    return table_of("schedules", tuple(rows[0]), rows)


def runs_table(records: Sequence[RunRecord], review: Review) -> Table:
    """Every training run, judged."""
    races = {race.run_id: race for race in review.races}
    finals = sorted({name for record in records for name in record.final_metrics})
    rows = [
        {
            **_run_row(number, record),
            **_race_row(races[record.run_id]),
            **record.final_metrics,
        }
        for number, record in numbered(records)
    ]
    return table_of("runs", (*RUN_COLUMNS, *JUDGED_COLUMNS, *finals), rows)


def attempts_table(records: Sequence[RunRecord]) -> Table:
    """Every execution, repeated work included: this is what is billed."""
    rows = (
        {
            "run": number,
            "attempt": attempt.number,
            "from_step": attempt.from_step,
            "to_step": attempt.to_step,
            "evaluations": attempt.evaluations,
            "bundle_size": attempt.bundle_size,
            "cause": attempt.cause,
            "rate_factor": attempt.rate_factor,
            "follows": attempt.follows,
        }
        for number, record in numbered(records)
        for attempt in record.attempts
    )
    return table_of("attempts", (*ATTEMPT_COLUMNS, *OPTIONAL_COLUMNS), rows)


def evaluations_table(records: Sequence[RunRecord]) -> Table:
    """Every live evaluation of every run."""
    names = sorted(
        {name for record in records for point in record.measurements for name in point.metrics}
    )
    rows = (
        {"run": number, "step": point.step, **point.metrics}
        for number, record in numbered(records)
        for point in record.measurements
    )
    return table_of("evaluations", ("run", "step", *names), rows)


def stages_table(pilot: Pilot, workload: Workload) -> Table:
    """Every schedule by batch size."""
    samples = workload.training_samples
    rows = [
        {"schedule": schedule.name, "stage": place, **encode(stage)}
        for schedule in pilot.schedules
        for place, stage in enumerate(
            stages(plan_steps(schedule, training_samples=samples, epochs=pilot.budget.epochs))
        )
    ]
    return table_of("stages", tuple(rows[0]), rows)


def throughput_table(evidence: PilotEvidence) -> Table:
    """The curve that all times are composed with."""
    rows = [encode(point) for point in evidence.throughput.points]
    return table_of("throughput", tuple(rows[0]), rows)


def cash_flows_table(review: Review) -> Table:
    """Flows and running total by month of every candidate with a case."""
    rows = (
        {
            "schedule": reviewed.schedule,
            "month": month,
            "amount": amount,
            "cumulative": total,
            "currency": reviewed.case.flows.currency,
        }
        for reviewed in review.schedules
        if reviewed.case is not None
        for month, (amount, total) in enumerate(
            zip(reviewed.case.flows.amounts, reviewed.case.flows.cumulative, strict=True)
        )
    )
    return table_of("cash_flows", ("schedule", "month", "amount", "cumulative", "currency"), rows)


def settings_table(evidence: PilotEvidence, workload: Workload, review: Review) -> Table:
    """Everything else that the numbers follow from, one value a row."""
    curve = encode(evidence.throughput)
    curve.pop("points")
    values = {
        "pilot": encode(evidence.pilot),
        "workload": encode(workload),
        "throughput": curve,
        "micro_batch_plan": encode(evidence.micro_batch_plan),
        "selection": encode(evidence.selection) if evidence.selection else None,
        "price": encode(review.price),
        "device_count": review.device_count,
        "production": encode(review.production) if review.production else None,
        "assumptions": encode(review.assumptions),
        "pilot_rate_per_device_h": encode(review.pilot_rate_per_device_h),
    }
    rows = ({"setting": name, "value": value} for name, value in _flat("", values))
    return table_of("settings", ("setting", "value"), rows)


def chart_table(chart: Chart) -> Table:
    """The data behind a chart."""
    rows = (
        {
            "series": series.name,
            "role": series.role,
            "x": x,
            "y": series.y[place],
            "low": series.low[place] if series.low else None,
            "high": series.high[place] if series.high else None,
            "x_low": series.x_low[place] if series.x_low else None,
            "x_high": series.x_high[place] if series.x_high else None,
        }
        for series in chart.series
        for place, x in enumerate(series.x)
    )
    return table_of(f"charts/{chart.key}", CHART_COLUMNS, rows)


def _run_row(number: int, record: RunRecord) -> dict[str, object]:
    return {
        "run": number,
        "schedule": record.run.schedule,
        "rate_multiplier": record.run.rate_multiplier,
        "seed": record.run.seed,
        "purpose": record.run.purpose,
        "status": record.status,
    }


def _race_row(race: Race) -> dict[str, object]:
    crossing = race.crossing
    return {
        "steps": race.steps,
        "step_to_target": crossing.step if crossing else None,
        "epochs_to_target": crossing.epochs if crossing else None,
        "samples_to_target": crossing.samples if crossing else None,
        "time_to_target_s": crossing.time_s if crossing else None,
        "training_s": race.training_s,
        "billed_s": race.billed_s,
        "evaluations": race.evaluations,
        "final_target_value": race.final_target_value,
        "final_quality": race.final_quality,
    }


def _schedule_row(reviewed: ScheduleReview) -> dict[str, object]:
    measured, case, verdict = reviewed.measured, reviewed.case, reviewed.verdict
    interval = measured.time_to_target_s
    training = reviewed.training
    return {
        "schedule": reviewed.schedule,
        "role": reviewed.role,
        "rate_multiplier": reviewed.rate_multiplier,
        "rate_at_edge": reviewed.rate_at_edge,
        "seeds_from": reviewed.seeds_from,
        "runs": measured.runs,
        "reached": measured.reached,
        "epochs_to_target": measured.epochs_to_target,
        "steps_to_target": measured.steps_to_target,
        "samples_to_target": measured.samples_to_target,
        "mean_time_to_target_s": measured.mean_time_to_target_s,
        "time_to_target_low_s": interval.low if interval else None,
        "time_to_target_mid_s": interval.mid if interval else None,
        "time_to_target_high_s": interval.high if interval else None,
        "restricted_mean_time_s": measured.restricted_mean_time_s,
        "final_quality": measured.final_quality,
        "pilot_device_h": reviewed.pilot_device_h,
        "pilot_cost": reviewed.pilot_cost.amount,
        "training_h": training.training_h if training else None,
        "training_device_h": training.device_h if training else None,
        "training_cost": training.cost.amount if training else None,
        "time_ratio": case.time_ratio if case else None,
        "investment": case.investment.counted.amount if case else None,
        "npv": case.npv.amount if case else None,
        "payback_months": case.payback.months if case else None,
        "currency": reviewed.pilot_cost.currency,
        "verdict": verdict.kind if verdict else None,
        "reason": verdict.reason if verdict else None,
    }


def _flat(prefix: str, value: Any) -> Iterable[tuple[str, object]]:  # noqa: ANN401  # JSON
    """Nested JSON-like data as dotted names and single values."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(f"{prefix}.{name}" if prefix else name, inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(f"{prefix}[{place}]", inner)
    else:
        yield prefix, value
