"""Throughput curves: what was measured, used again until somebody asks for another measurement."""

from backend.repositories import curves, probed
from backend.services import audit, queue
from backend.tables import ThroughputRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode
from backend.wire.problems import not_found
from planner.devices.curve_facts import CurveFacts, CurveState, curve_facts
from planner.devices.throughput import ThroughputCurve
from planner.exchange.states import Page


def usable(work: UnitOfWork, *, workload: str, dtype: str) -> ThroughputRow | None:
    """The curve that a pilot started now is composed with; None if it must measure its own.

    The newest that nobody retired, in the pilot's number format, of a device that is there: every
    worker that would train on it runs the versions that it was measured with.
    """
    trusted = curves.trusted(work.session, workload=workload, dtype=dtype)
    versions = {
        device: {one.versions for one in queue.alive(work, workload=workload, device=device)}
        for device in {row.device for row in trusted}
    }
    return next((row for row in trusted if versions[row.device] == {row.versions}), None)


def known(work: UnitOfWork, workload: str) -> tuple[ThroughputRow, ...]:
    """All that was ever measured of a workload: the most trusted first."""
    return tuple(curves.of_workload(work.session, workload))


def page(
    work: UnitOfWork, *, workload: str | None, device: str | None, page: int, page_size: int
) -> Page[CurveState]:
    """Newest curves first."""
    rows, total = probed.page(
        work.session,
        ThroughputRow,
        workload=workload,
        device=device,
        offset=(page - 1) * page_size,
        limit=page_size,
    )
    in_use = {
        usable(work, workload=name, dtype=dtype)
        for name, dtype in {(row.workload, row.dtype) for row in rows}
    }
    items = tuple(_state(work, row, in_use=row in in_use) for row in rows)
    return Page(items=items, page=page, page_size=page_size, total=total)


def facts(work: UnitOfWork, number: int, *, compared_with: int | None) -> CurveFacts:
    """A curve with everything that follows from it.

    Raises:
        RequestError: There is no such curve.
    """
    row = _existing(work, number)
    other = None if compared_with is None else _existing(work, compared_with)
    return curve_facts(
        _state(work, row, in_use=_is_usable(work, row)),
        curve_of(row),
        compared=None if other is None else (other.number, curve_of(other)),
    )


def retire(work: UnitOfWork, number: int) -> CurveState:
    """Asks for another measurement: the next pilot of its workload measures on its device first.

    What was measured there before it is retired, too, or that would be used in its place. Asked
    again, nothing changes.

    Raises:
        RequestError: There is no such curve.
    """
    row = _existing(work, number)
    retired = curves.retire(
        work.session, workload=row.workload, device=row.device, up_to=number, at=work.now
    )
    if retired:
        audit.record(work, "throughput.retire", str(number), None, {"retired": retired})
    return _state(work, row, in_use=_is_usable(work, row))


def curve_of(row: ThroughputRow) -> ThroughputCurve:
    """What was measured."""
    return decode(ThroughputCurve, row.curve)


def age_s(work: UnitOfWork, row: ThroughputRow) -> float:
    """Seconds since it was measured."""
    return max(0.0, (work.now - row.measured_at).total_seconds())


def _is_usable(work: UnitOfWork, row: ThroughputRow) -> bool:
    return usable(work, workload=row.workload, dtype=row.dtype) is row


def _state(work: UnitOfWork, row: ThroughputRow, *, in_use: bool) -> CurveState:
    curve = curve_of(row)
    return CurveState(
        number=row.number,
        workload=row.workload,
        device=row.device,
        dtype=row.dtype,
        versions=row.versions,
        measured_at=row.measured_at,
        age_s=age_s(work, row),
        retired_at=row.retired_at,
        points=len(curve.points),
        largest_batch_size=curve.points[-1].batch_size,
        memory_limited=curve.memory_limited,
        in_use=in_use,
    )


def _existing(work: UnitOfWork, number: int) -> ThroughputRow:
    row = curves.find(work.session, number)
    if row is None:
        raise not_found("curve", str(number))
    return row
