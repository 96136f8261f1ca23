"""The queue ahead: which workers go through it, and when each run is expected."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from backend.repositories import attempts, pilots, runs, workers
from backend.repositories.runs import OpenRun
from backend.services import budget, catalogue, scaling
from backend.tables import PilotRow, WorkerRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode, encode
from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.plans.queue_forecast import Forecast, Leg, Queued, Serving, forecast, sharing
from planner.plans.run_time import RunTime, fallen_time, run_times

LONGEST_QUEUE = 2000
"""Queued runs that are looked at; later ones are expected after them."""


def serving(work: UnitOfWork, pilot: Pilot) -> tuple[Serving, ...]:
    """Workers that train a new pilot's workload, each from when it is free of the queue."""
    return expected(work, workload=pilot.workload, device=None).serving


def expected(
    work: UnitOfWork,
    *,
    workload: str,
    device: str | None,
    slowness: Mapping[str, float] | None = None,
) -> Forecast:
    """What is expected of every run that these workers hold or may take.

    Args:
        work: The request.
        workload: Name of the workload that the workers serve.
        device: Name of their device; None for any.
        slowness: By pilot, how much longer its runs take than their composed time.
    """
    serving = alive(work, workload=workload, device=device)
    ids = {worker.id for worker in serving}
    served = {name for worker in serving for name in worker.workloads}
    holding = [run for run in runs.held(work.session) if run.worker_id in ids]
    waiting = runs.queue(work.session, limit=LONGEST_QUEUE)
    rows = pilots.several(work.session, {run.pilot_id for run in (*holding, *waiting)})
    at_cap = budget.at_cap(work, rows.values())
    open_to = {
        row.id
        for row in rows.values()
        if row.workload in served
        and (device is None or row.measured_on in (None, device))
        and row.id not in at_cap
    }
    coming = [run for run in waiting if run.pilot_id in open_to]
    times = _times_of_runs(work, rows, (*holding, *coming))

    def queued(run: OpenRun, together: int) -> Queued:
        factor = (slowness or {}).get(run.pilot_id, 1.0)
        legs = _legs(work, run, times.get(run.id), together, slowness=factor)
        return Queued(run_id=run.id, legs=legs)

    holding.sort(key=_worker_of)
    held = {worker_id: list(its) for worker_id, its in groupby(holding, key=_worker_of)}
    alike = Counter((run.pilot_id, run.schedule) for run in waiting)
    servers = [
        _as_server(
            work,
            worker,
            holds=tuple(queued(run, run.bundle_size) for run in held.get(worker.id, ())),
        )
        for worker in serving
    ]
    shared = sharing(servers)
    return forecast(
        servers,
        [queued(run, math.ceil(alike[run.pilot_id, run.schedule] / shared)) for run in coming],
    )


def _as_server(work: UnitOfWork, worker: WorkerRow, *, holds: tuple[Queued, ...] = ()) -> Serving:
    return Serving(
        device_count=worker.device_count,
        fewest_devices=work.leases.fewest_devices_of(worker.id),
        holds=holds,
    )


def alive(work: UnitOfWork, *, workload: str, device: str | None) -> list[WorkerRow]:
    """Workers heard of lately that serve a workload; one that registered again counts once."""
    found: dict[str, WorkerRow] = {}
    for row in workers.those(work.session, work.leases.here()):
        if workload in row.workloads and device in (None, row.device_name):
            found.setdefault(row.name, row)
    return list(found.values())


def times_of(work: UnitOfWork, row: PilotRow) -> dict[str, RunTime] | None:
    """Time of one run of every schedule of a pilot; None while its curve is not known."""
    return _times(_texts(work, row)) if _is_measured(row) else None


def fallen_time_of(
    work: UnitOfWork, row: PilotRow, schedule: str, *, at_step: int
) -> RunTime | None:
    """Time of a run that fell back on the baseline; None while the curve is not known."""
    return _fallen_time(_texts(work, row), schedule, at_step) if _is_measured(row) else None


_Texts = tuple[str, str, str, str, str]


def _texts(work: UnitOfWork, row: PilotRow) -> _Texts:
    """What times are computed from, as a key of them: the pilot, and what was measured for it."""
    return (
        json.dumps(row.pilot),
        json.dumps(encode(catalogue.of_pilot(row))),
        json.dumps(row.throughput),
        json.dumps(row.micro_batch_plan),
        json.dumps(encode(scaling.of_pilot(work, row))),
    )


@lru_cache(maxsize=256)
def _times(texts: _Texts) -> dict[str, RunTime]:
    return run_times(*_values(texts))


@lru_cache(maxsize=256)
def _fallen_time(texts: _Texts, schedule: str, at_step: int) -> RunTime:
    return fallen_time(*_values(texts), schedule=schedule, at_step=at_step)


def _values(
    texts: _Texts,
) -> tuple[Pilot, Workload, ThroughputCurve, MicroBatchPlan, ScalingCurve | None]:
    pilot, workload, curve, plan, measured = map(json.loads, texts)
    return (
        decode(Pilot, pilot),
        decode(Workload, workload),
        decode(ThroughputCurve, curve),
        decode(MicroBatchPlan, plan),
        None if measured is None else decode(ScalingCurve, measured),
    )


def _times_of_runs(
    work: UnitOfWork, rows: Mapping[str, PilotRow], open_runs: Sequence[OpenRun]
) -> dict[str, RunTime]:
    """Time of each run, as a divergence left it; a run whose time is not known is absent.

    Every pilot is looked up once, and the divergences of all of them in one query.
    """
    theirs = {run.pilot_id: rows[run.pilot_id] for run in open_runs}
    texts = {row.id: _texts(work, row) for row in theirs.values() if _is_measured(row)}
    begun = [run.id for run in open_runs if run.step > 0 and _may_fall_back(theirs[run.pilot_id])]
    fell_at = attempts.fell_at(work.session, begun)
    found = {}
    for run in open_runs:
        known, at_step = texts.get(run.pilot_id), fell_at.get(run.id)
        if known is None or run.schedule is None:
            continue
        found[run.id] = (
            _fallen_time(known, run.schedule, at_step)
            if at_step is not None
            else _times(known)[run.schedule]
        )
    return found


def _is_measured(row: PilotRow) -> bool:
    return row.throughput is not None and row.micro_batch_plan is not None


def _may_fall_back(row: PilotRow) -> bool:
    return bool(row.pilot.get("divergence") == {"policy": "fall_back"})


def _legs(
    work: UnitOfWork, run: OpenRun, time: RunTime | None, together: int, *, slowness: float
) -> tuple[Leg, ...]:
    """What a run still needs beside others, by its devices; of a probe nobody knows how long."""
    if time is None:
        return (Leg(left_s=None),)
    factor = slowness * time.share_fraction(together)
    return tuple(
        Leg(left_s=left_s * factor, device_count=count)
        for left_s, count in time.legs(max(run.step, work.leases.step_of(run.id)))
    )


def _worker_of(run: OpenRun) -> str:
    return run.worker_id or ""
