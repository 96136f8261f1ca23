"""Measured scaling: what probes on several devices told, and everything that follows from it."""

from collections.abc import Iterable

from backend.repositories import probed
from backend.repositories import scaling as scaling_rows
from backend.tables import PilotRow, ScalingRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode
from backend.wire.problems import not_found
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.exchange.states import Page
from planner.projections.scaling_facts import ScalingFacts, ScalingState, scaling_facts


def page(
    work: UnitOfWork, *, workload: str | None, device: str | None, page: int, page_size: int
) -> Page[ScalingState]:
    """Newest measurements first."""
    rows, total = probed.page(
        work.session,
        ScalingRow,
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


def of_pilot(work: UnitOfWork, row: PilotRow) -> ScalingCurve | None:
    """What composed times of a pilot hold of what its devices say to each other.

    Measured with the versions and the number format of its throughput curve; None where nobody
    did, or where one device trains every stage.
    """
    if row.throughput is None or not row.pilot.get("devices"):
        return None
    known = scaling_rows.known_to(work.session, row)
    return _like(decode(ThroughputCurve, row.throughput), known)


def of_curve(work: UnitOfWork, curve: ThroughputCurve) -> ScalingCurve | None:
    """The newest measurement on several devices like that of a throughput curve."""
    known = scaling_rows.of_device(work.session, workload=curve.workload, device=curve.device)
    return _like(curve, known)


def _like(curve: ThroughputCurve, rows: Iterable[ScalingRow]) -> ScalingCurve | None:
    """The first that was measured with the number format and the versions of a curve."""
    wanted = (curve.dtype, curve.versions)
    fit = (row for row in rows if (row.dtype, row.versions) == wanted)
    row = next(fit, None)
    return None if row is None else scaling_of(row)


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
