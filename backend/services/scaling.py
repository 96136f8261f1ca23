"""Measured scaling: what probes on several devices told, and everything that follows from it."""

from backend.repositories import scaling as scaling_rows
from backend.services import attempts, phases
from backend.tables import ScalingRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode, encode
from backend.wire.problems import conflict, not_found
from planner.devices.scaling import ScalingCurve
from planner.exchange.states import Page
from planner.projections.scaling_facts import ScalingFacts, ScalingState, scaling_facts
from planner.refusal import require


def report(work: UnitOfWork, run_id: str, number: int, measured: ScalingCurve) -> None:
    """Stores what a probe measured on several devices, beside its throughput curve.

    Raises:
        RequestError: The attempt is fenced, or is no probe.
    """
    run, _ = attempts.current(work, run_id, number)
    if run.purpose != "probe":
        raise conflict("not_a_probe")
    pilot = phases.existing(work, run.pilot_id)
    require(measured.workload == pilot.workload, "workload", "throughput_of_other_workload")
    require(measured.device == pilot.measured_on, "device", "throughput_of_other_device")
    wanted = phases.pilot_of(pilot).precision
    require(measured.dtype == wanted, "dtype", "throughput_of_other_dtype", wanted=wanted)
    scaling_rows.save(
        work.session,
        ScalingRow(
            workload=measured.workload,
            device=measured.device,
            dtype=measured.dtype,
            versions=measured.versions,
            curve=encode(measured),
            measured_at=work.now,
            run_id=run_id,
        ),
    )


def page(
    work: UnitOfWork, *, workload: str | None, device: str | None, page: int, page_size: int
) -> Page[ScalingState]:
    """Newest measurements first."""
    rows, total = scaling_rows.page(
        work.session,
        workload=workload,
        device=device,
        offset=(page - 1) * page_size,
        limit=page_size,
    )
    newest = scaling_rows.newest(work.session, [row.number for row in rows])
    items = tuple(_state(work, row, newest=row.number in newest) for row in rows)
    return Page(items=items, page=page, page_size=page_size, total=total)


def facts(work: UnitOfWork, number: int) -> ScalingFacts:
    """A measurement with everything that follows from it.

    Raises:
        RequestError: There is no such measurement.
    """
    row = scaling_rows.find(work.session, number)
    if row is None:
        raise not_found("scaling", str(number))
    newest = number in scaling_rows.newest(work.session, [number])
    return scaling_facts(_state(work, row, newest=newest), scaling_of(row))


def scaling_of(row: ScalingRow) -> ScalingCurve:
    """What was measured."""
    return decode(ScalingCurve, row.curve)


def _state(work: UnitOfWork, row: ScalingRow, *, newest: bool) -> ScalingState:
    return ScalingState(
        number=row.number,
        workload=row.workload,
        device=row.device,
        dtype=row.dtype,
        versions=row.versions,
        measured_at=row.measured_at,
        age_s=max(0.0, (work.now - row.measured_at).total_seconds()),
        device_counts=scaling_of(row).device_counts,
        newest=newest,
    )
