"""An imported pilot in the tables: hidden until its last portion is stored."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from uuid import uuid4

import numpy as np

from backend import metric_store
from backend.access.security import hash_of
from backend.metric_store import MOST_POINTS_A_CHUNK, Block
from backend.repositories import claims, imports, pilots, workers
from backend.services.records import LOGGED_S
from backend.tables import ClaimRow, PilotRow, WorkerRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import encode
from planner.exchange.registration import Device
from planner.imports.imported_pilot import ImportedPilot
from planner.imports.taken_run import TakenRun
from planner.pilots.caps import Caps, CapTerms
from planner.reviews.selection import selection_without_sweep

Rows = Sequence[Mapping[str, object]]


def hide(work: UnitOfWork, found: ImportedPilot, run_ids: Sequence[str]) -> str:
    """Stores everything but the series of a pilot, hidden; gives its id."""
    pilot = found.pilot
    selection = selection_without_sweep(pilot)
    row = PilotRow(
        id=uuid4().hex,
        pilot=encode(pilot),
        workload=pilot.workload,
        workload_facts=encode(found.workload),
        phase="done",
        created_at=work.now,
        created_by=work.principal.name,
        measured_on=found.imported.device,
        throughput=encode(found.throughput) if found.throughput else None,
        micro_batch_plan=encode(found.micro_batch_plan),
        selected=dict(selection.selected),
        finalists=list(selection.finalists),
        looks_used=1,
        cap_terms=encode(
            CapTerms(caps=Caps(), price_per_device_h=pilot.hardware.rent_per_gpu_hour)
        ),
        expected_device_h=None,
        imported=encode(found.imported),
        hidden=True,
    )
    pilots.add(work.session, row)
    token = claims.add(work.session, _claim(work))
    imports.add_rows(
        work.session,
        [_run(work, row.id, number, run_ids[number], run) for number, run in enumerate(found.runs)],
        [_attempt(work, run_ids[number], token, run) for number, run in enumerate(found.runs)],
    )
    return row.id


def chunks_of(run_id: str, run: TakenRun) -> Iterator[Mapping[str, object]]:
    """Packed series of one run: its evaluations with their seconds, and what is only drawn."""
    yield from _packed(run_id, "evaluation", run.steps, {**run.metrics, LOGGED_S: run.elapsed_s})
    if run.trace.metrics:
        yield from _packed(run_id, "train", run.trace.steps, run.trace.metrics)


def _packed(
    run_id: str, group: str, steps: np.ndarray, columns: Mapping[str, np.ndarray]
) -> Iterator[Mapping[str, object]]:
    names = sorted(columns)
    samples = np.array([columns[name] for name in names])
    for number, start in enumerate(range(0, len(steps), MOST_POINTS_A_CHUNK)):
        part = slice(start, start + MOST_POINTS_A_CHUNK)
        block = Block(steps=steps[part], columns=tuple(names), samples=samples[:, part])
        minima, maxima = metric_store.extremes(block)
        yield {
            "run_id": run_id,
            "attempt": 1,
            "series_group": group,
            "number": number,
            "first_step": int(block.steps[0]),
            "last_step": int(block.steps[-1]),
            "points": len(block.steps),
            "columns": names,
            "steps": metric_store.pack(block.steps),
            "samples": metric_store.pack(block.samples),
            "minima": metric_store.pack(minima),
            "maxima": metric_store.pack(maxima),
        }


def _claim(work: UnitOfWork) -> ClaimRow:
    """Stands for whatever trained the runs: nobody holds its token."""
    if workers.find(work.session, workers.ELSEWHERE) is None:
        workers.add(
            work.session,
            WorkerRow(
                id=workers.ELSEWHERE,
                name=workers.ELSEWHERE,
                device=encode(Device(name=workers.ELSEWHERE, kind="cpu", memory_bytes=1)),
                device_name=workers.ELSEWHERE,
                workloads=[],
                store_url="",
                versions="",
                token_hash=hash_of(secrets.token_urlsafe(32)),
                registered_at=work.now,
                revoked_at=work.now,
            ),
        )
    return ClaimRow(worker_id=workers.ELSEWHERE, claimed_at=work.now)


def _run(
    work: UnitOfWork, pilot_id: str, number: int, run_id: str, run: TakenRun
) -> Mapping[str, object]:
    return {
        "id": run_id,
        "pilot_id": pilot_id,
        "number": number,
        "schedule": run.schedule,
        "rate_multiplier": 1.0,
        "seed": run.seed,
        "purpose": "confirmation",
        "status": run.status,
        "queued_at": work.now,
        "created_at": work.now,
        "ended_at": work.now,
        "attempt": 1,
        "step": run.last_step,
        "steps_planned": run.last_step,
        "reason": run.reason,
        "detail": run.name,
        "final_metrics": {},
    }


def _attempt(work: UnitOfWork, run_id: str, token: int, run: TakenRun) -> Mapping[str, object]:
    return {
        "run_id": run_id,
        "number": 1,
        "token": token,
        "token_hash": hash_of(secrets.token_urlsafe(32)),
        "claimed_at": work.now,
        "ended_at": work.now,
        "outcome": run.status,
        "from_step": 0,
        "to_step": run.last_step,
        "evaluations": len(run.steps),
    }
