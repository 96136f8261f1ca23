"""Everything that the live page shows of a pilot, in one cheap answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.repositories import attempts, pilots, runs
from backend.services import (
    budget,
    cap_forecasts,
    events,
    live_rollbacks,
    phases,
    prices,
    queue,
    waiting,
    workers,
)
from backend.services import pilots as pilot_states
from backend.services import runs as run_states
from backend.services.early_warnings import early_warnings
from backend.services.meters import meters
from backend.services.traces import traces
from backend.tables import PilotRow, RunRow
from backend.unit_of_work import UnitOfWork
from planner.economics.cost import SECONDS_PER_HOUR
from planner.economics.rates import THIS_COMPUTER
from planner.exchange.page_states import LiveMeters, LiveRollback, LiveRun, LiveView, Trace
from planner.exchange.states import PilotState, RunState
from planner.measurements.early_warning import EarlyWarning
from planner.money import Money
from planner.pilots.cap_use import CapUse
from planner.pilots.executed import fallen_at
from planner.pilots.pilot import HardwareChoice
from planner.plans.pilot_time import confirmed_s
from planner.plans.queue_forecast import Forecast
from planner.plans.run_time import RunTime
from planner.schedules.schedule import Stage

RECENT = 3
"""Runs that ended last and still carry their curves while others run or wait."""

MOST_AT_REST = 60
"""The same once nothing runs or waits, so that no page asks every second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """What the cards of all runs are made of."""

    times: Mapping[str, RunTime] | None
    run_times: Mapping[str, RunTime]
    rollbacks: Mapping[str, tuple[LiveRollback, ...]]
    expected: Forecast
    losses: Mapping[str, Trace]
    metrics: Mapping[str, Trace]
    superseded_losses: Mapping[str, Trace]
    superseded_metrics: Mapping[str, Trace]
    meters: Mapping[str, LiveMeters]
    warnings: Mapping[str, tuple[EarlyWarning, ...]]
    spent_s: Mapping[str, float]


def view(work: UnitOfWork, pilot_id: str, *, run_id: str | None = None) -> LiveView:
    """A pilot at this moment.

    Args:
        work: The request.
        pilot_id: The pilot.
        run_id: A run that carries its curves, however long ago it ended.

    Raises:
        RequestError: There is no such pilot.
    """
    row = phases.existing(work, pilot_id)
    state = pilot_states.state(work, pilot_id)
    rows = runs.of_pilot(work.session, pilot_id)
    shown = run_states.states(work, rows)
    price = _price(work, state.pilot.hardware, row.measured_on)
    moment = _moment(work, row, rows, price, run_id)
    spent_h = sum(moment.spent_s.values()) / SECONDS_PER_HOUR
    return LiveView(
        pilot=state,
        runs=tuple(_card(run, moment) for run in shown),
        spent_device_h=spent_h,
        spent=None if price is None else price * spent_h,
        cap_device_h=budget.terms_of(row).caps.pilot_device_h,
        caps=_caps(work, row, rows, moment),
        limits=budget.terms_of(row).caps,
        expected_finish_s=_finish_s(state, shown, moment),
        workers=workers.states(work),
        events=events.newest(work, pilot_id, {run.id: run for run in rows}),
        queues=waiting.queues(work, pilot_id, at_cap=state.cap_reached),
    )


def _moment(
    work: UnitOfWork, row: PilotRow, rows: Sequence[RunRow], price: Money | None, run_id: str | None
) -> _Moment:
    times = queue.times_of(work, row)
    drawn = _drawn(rows, run_id)
    run_ids = [run.id for run in rows]
    bundle_sizes = attempts.bundle_sizes(work.session, run_ids)
    spent_s = _spent_s(work, row.id, rows)
    metric = phases.pilot_of(row).target.metric
    prices = live_rollbacks.Prices(times=times, per_device_h=price)
    rollbacks = live_rollbacks.told(work, rows, prices)
    run_times = _run_times(work, row, rows, times, rollbacks)
    repeated = [one.id for one in rows if one.id in drawn and one.attempt > 1]
    stages = _stages(rows, run_times)
    return _Moment(
        times=times,
        run_times=run_times,
        rollbacks=rollbacks,
        expected=queue.expected(
            work,
            workload=row.workload,
            device=row.measured_on,
            slowness={row.id: _slowness(work, rows, bundle_sizes, spent_s, times)},
        ),
        losses=traces(work, drawn, "train", "batch_loss"),
        metrics=traces(work, drawn, "evaluation", metric),
        superseded_losses=traces(work, repeated, "train", "batch_loss", superseded=True),
        superseded_metrics=traces(work, repeated, "evaluation", metric, superseded=True),
        meters=meters(work, drawn, stages),
        warnings=early_warnings(work, [one for one in rows if one.id in drawn], stages),
        spent_s=spent_s,
    )


def _card(run: RunState, moment: _Moment) -> LiveRun:
    expected = moment.expected.runs.get(run.id)
    loss, metric = moment.losses.get(run.id, Trace()), moment.metrics.get(run.id, Trace())
    time = moment.run_times.get(run.id)
    place = None if time is None else time.stage_at(run.step)
    return LiveRun(
        run=run,
        progress_fraction=_progress(run),
        expected_start_s=expected.start_s if expected and run.status == "queued" else None,
        expected_finish_s=expected.finish_s if expected else None,
        last_loss=loss.values[-1] if loss.values else None,
        last_metric=metric.values[-1] if metric.values else None,
        loss=loss,
        evaluations=metric,
        stage=None if place is None else place + 1,
        stages=None if time is None else len(time.stages),
        batch_size=None if time is None or place is None else time.stages[place].batch_size,
        spent_device_h=moment.spent_s.get(run.id, 0.0) / SECONDS_PER_HOUR,
        meters=moment.meters.get(run.id),
        rollbacks=moment.rollbacks.get(run.id, ()),
        superseded_loss=moment.superseded_losses.get(run.id, Trace()),
        superseded_evaluations=moment.superseded_metrics.get(run.id, Trace()),
        warnings=moment.warnings.get(run.id, ()),
    )


def _run_times(
    work: UnitOfWork,
    row: PilotRow,
    rows: Sequence[RunRow],
    times: Mapping[str, RunTime] | None,
    rollbacks: Mapping[str, tuple[LiveRollback, ...]],
) -> dict[str, RunTime]:
    """Time of every training, as divergences left it; empty while the speed is unknown."""
    found = {}
    for run in rows:
        if times is None or run.schedule is None:
            continue
        fell_at = fallen_at([told.rollback for told in rollbacks.get(run.id, ())])
        if fell_at is None:
            found[run.id] = times[run.schedule]
        else:
            fallen = queue.fallen_time_of(work, row, run.schedule, at_step=fell_at)
            found[run.id] = fallen or times[run.schedule]
    return found


def _stages(
    rows: Sequence[RunRow], run_times: Mapping[str, RunTime]
) -> dict[str, tuple[Stage, ...]]:
    """Stages of every run; none of one that is not laid out."""
    return {row.id: run_times[row.id].stages if row.id in run_times else () for row in rows}


def _progress(run: RunState) -> float:
    if run.steps_planned is None:
        return 1.0 if run.status == "succeeded" else 0.0
    return run.step / run.steps_planned


def _drawn(rows: Sequence[RunRow], run_id: str | None) -> list[str]:
    """Runs that carry their curves: those that run, ended lately, or are looked at."""
    ended = sorted(
        (row for row in rows if row.ended_at is not None and row.schedule is not None),
        key=lambda row: (row.ended_at, row.number),
        reverse=True,
    )
    moving = any(row.status in ("queued", "running") for row in rows)
    recent = {row.id for row in ended[: RECENT if moving else MOST_AT_REST]} | {run_id}
    return [row.id for row in rows if row.status in ("running", "paused") or row.id in recent]


def _spent_s(work: UnitOfWork, pilot_id: str, rows: Sequence[RunRow]) -> dict[str, float]:
    """Device seconds of every run; of a running attempt up to this moment."""
    told = runs.device_seconds_of(work.session, [row.id for row in rows])
    for run_id, (told_s, devices) in pilots.running_attempts_s(work.session, pilot_id).items():
        earlier_s = told.get(run_id, 0.0) - told_s * devices
        told[run_id] = earlier_s + max(told_s, work.leases.held_s(run_id)) * devices
    return told


def _slowness(
    work: UnitOfWork,
    rows: Sequence[RunRow],
    bundle_sizes: Mapping[str, int],
    spent_s: Mapping[str, float],
    times: Mapping[str, RunTime] | None,
) -> float:
    """How much longer this pilot's runs took than their composed time; 1 before the first.

    From claim to end by the API's clock that never jumps; without getting ready, as the worker
    told it, where the API was started in between.
    """
    composed_s = observed_s = 0.0
    for row in rows:
        undisturbed = row.status == "succeeded" and row.attempt == 1
        if undisturbed and times and row.schedule:
            time = times[row.schedule]
            composed_s += time.total_s * time.share_fraction(bundle_sizes.get(row.id, 1))
            told_s = spent_s.get(row.id, 0.0) / row.device_count
            observed_s += max(work.leases.took_s(row.id), told_s)
    return observed_s / composed_s if composed_s > 0 and observed_s > 0 else 1.0


def _finish_s(state: PilotState, shown: Sequence[RunState], moment: _Moment) -> float | None:
    """When the last run ends, those of the confirmation included that are not queued yet."""
    if state.phase in phases.OVER or moment.times is None:
        return None
    open_runs = [run for run in shown if run.status in ("queued", "running")]
    ends = [moment.expected.runs.get(run.id) for run in open_runs]
    known = [end.finish_s for end in ends if end is not None and end.finish_s is not None]
    if not known or len(known) < len(open_runs):
        return None
    if state.phase != "selection":
        return max(known)
    serving = moment.expected.serving
    return confirmed_s(state.pilot, moment.times, serving=serving, from_s=max(known))


def _caps(
    work: UnitOfWork, row: PilotRow, rows: Sequence[RunRow], moment: _Moment
) -> tuple[CapUse, ...]:
    """Shared caps, and the one cap of a single run that is nearest to being passed."""
    own = [
        use
        for run in rows
        if run.status == "running"
        for use in cap_forecasts.of_run(work, row, run.id, needed_s=_needed_s(work, run, moment))
    ]
    nearest = sorted(own, key=lambda use: -use.highest_fraction)[:1]
    month = cap_forecasts.of_month(work).uses
    return (*cap_forecasts.of_pilot(work, row), *month, *nearest)


def _needed_s(work: UnitOfWork, run: RunRow, moment: _Moment) -> float | None:
    """Seconds of a device that a run will have used: those so far, and those of the steps left."""
    time = moment.run_times.get(run.id)
    if time is None:
        return None
    step = max(run.step, work.leases.step_of(run.id))
    return moment.spent_s.get(run.id, 0.0) + time.left_s(step) * time.devices


def _price(work: UnitOfWork, choice: HardwareChoice, measured_on: str | None) -> Money | None:
    """What an hour of the device that the pilot runs on costs, where somebody says so."""
    card = prices.of_day(work, ids=(choice.profile,)).cards.get(choice.profile)
    if choice.profile == THIS_COMPUTER:
        entered = card.rent_per_gpu_hour if card is not None and card.row else None
        return choice.rent_per_gpu_hour or entered
    if card is None or card.device != measured_on:
        return None
    return choice.rent_per_gpu_hour or card.rent_per_gpu_hour
