"""The workloads that this installation knows: built-in ones, and those that workers brought.

A workload that a worker reported stays known when the worker is gone. A pilot carries the facts of
its workload as they were when it was started: a plug-in that changes later changes none of its
numbers.
"""

from collections.abc import Mapping

from backend.repositories import curves, workloads
from backend.services import audit
from backend.tables import PilotRow, WorkerRow, WorkloadRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode, encode
from planner.exchange.work import RefusedWorkload
from planner.pilots.pilot import PilotPhase
from planner.pilots.workload import BUILT_IN, Workload
from planner.refusal import Refusal, require

OVER: frozenset[PilotPhase] = frozenset({"done", "cancelled"})
"""Phases of a pilot that runs nothing any more: its evidence stays as it was judged."""


def known(work: UnitOfWork) -> Mapping[str, Workload]:
    """Every workload that can be planned, by name."""
    brought = {row.name: _facts(row) for row in workloads.by_name(work.session)}
    return {**BUILT_IN, **brought, **BUILT_IN}


def of_pilot(row: PilotRow) -> Workload:
    """The workload of a pilot, as it was when the pilot was started."""
    if row.workload_facts is None:
        return BUILT_IN[row.workload]
    return decode(Workload, row.workload_facts)


def facts_to_keep(workload: Workload) -> object:
    """What a new pilot carries of its workload: nothing of a built-in one, which everybody has."""
    return None if BUILT_IN.get(workload.name) == workload else encode(workload)


def take_in(
    work: UnitOfWork, worker: WorkerRow, brought: tuple[Workload, ...]
) -> tuple[RefusedWorkload, ...]:
    """Stores what a new worker brought; the worker trains what is accepted.

    Returns:
        The others with the reason; one refused workload does not keep the worker away.
    """
    refused = []
    for workload in brought:
        try:
            _check(work, workload)
        except Refusal as refusal:
            params = {name: str(value) for name, value in refusal.params.items()}
            refused.append(RefusedWorkload(name=workload.name, code=refusal.code, params=params))
            continue
        _store(work, worker, workload)
        worker.workloads = [*worker.workloads, workload.name]
    for one in refused:
        audit.record(work, "workload.refuse", one.name, None, {"code": one.code})
    return tuple(refused)


def _check(work: UnitOfWork, workload: Workload) -> None:
    name = workload.name
    require(name not in BUILT_IN, "name", "workload_is_built_in", workload=name)
    for pilot in workloads.pilots_of(work.session, name, over=OVER):
        require(
            workload.serves_as(of_pilot(pilot)),
            "version",
            "workload_changed",
            workload=name,
            version=workload.version,
            pilot=str(pilot.pilot["name"]),
        )


def _store(work: UnitOfWork, worker: WorkerRow, workload: Workload) -> None:
    """Records a version, whose speed must be measured anew.

    Workers that offer other data or metrics under this name must register again.
    """
    before = workloads.find(work.session, workload.name)
    earlier = None if before is None else _facts(before)
    if earlier != workload:
        told = None if earlier is None else {"version": earlier.version}
        audit.record(work, "workload.report", workload.name, told, {"version": workload.version})
    if earlier is not None and earlier.version != workload.version:
        curves.retire_all(work.session, workload=workload.name, at=work.now)
    if earlier is not None and not workload.serves_as(earlier):
        workloads.take_from_workers(work.session, workload.name)
    workloads.save(
        work.session,
        WorkloadRow(
            name=workload.name,
            version=workload.version,
            facts=encode(workload),
            reported_at=work.now,
            worker_id=worker.id,
        ),
    )


def _facts(row: WorkloadRow) -> Workload:
    return decode(Workload, row.facts)
