"""What attempts used, in the database: of one run, of a pilot, or of all pilots in a month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from backend.tables import AttemptRow, MonthCapRow, RunRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What attempts of one pilot used.

    Attributes:
        seconds: Of a device; of every device where several were held.
        energy_j: Of the attempts that a meter was read in; from the last reading to their end as
            before it.
        metered_s: Seconds of those attempts.
    """

    seconds: float
    energy_j: float
    metered_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A running attempt, as it told last.

    Attributes:
        power_w: Of each of its devices, on average up to the last reading of the meter of the
            first; None before one.
        device_count: Devices that it holds.
    """

    pilot_id: str
    run_id: str
    told_s: float
    power_w: float | None
    device_count: int


def of_run(run_id: str) -> ColumnElement[bool]:
    """Attempts of one run."""
    return RunRow.id == run_id


def of_pilots(pilot_ids: Iterable[str]) -> ColumnElement[bool]:
    """Attempts of some pilots."""
    return RunRow.pilot_id.in_(list(pilot_ids))


def since(moment: datetime) -> ColumnElement[bool]:
    """Attempts that ended since some moment, with all that they used, and those that run."""
    return AttemptRow.ended_at.is_(None) | (AttemptRow.ended_at >= moment)


def ended(session: Session, which: ColumnElement[bool]) -> dict[str, Used]:
    """What attempts used that are over, by pilot."""
    power_w, device_s = _power_w(), device_seconds()
    metered_s = case((power_w.is_not(None), device_s), else_=0.0)
    summed = (
        select(
            RunRow.pilot_id,
            func.coalesce(func.sum(device_s), 0.0),
            func.coalesce(func.sum(power_w * device_s), 0.0),
            func.coalesce(func.sum(metered_s), 0.0),
        )
        .join(RunRow, RunRow.id == AttemptRow.run_id)
        .where(which, AttemptRow.ended_at.is_not(None))
        .group_by(RunRow.pilot_id)
    )
    return {
        pilot_id: Used(seconds=seconds, energy_j=energy_j, metered_s=of_meters_s)
        for pilot_id, seconds, energy_j, of_meters_s in session.execute(summed)
    }


def running(session: Session, which: ColumnElement[bool]) -> list[Running]:
    """Attempts that run."""
    newest = and_(RunRow.id == AttemptRow.run_id, RunRow.attempt == AttemptRow.number)
    chosen = (
        select(
            RunRow.pilot_id,
            RunRow.id,
            func.coalesce(AttemptRow.wall_clock_s, 0.0),
            _power_w(),
            AttemptRow.device_count,
        )
        .join(AttemptRow, newest)
        .where(which, RunRow.status == "running")
    )
    return [
        Running(
            pilot_id=pilot_id,
            run_id=run_id,
            told_s=told_s,
            power_w=power_w,
            device_count=device_count,
        )
        for pilot_id, run_id, told_s, power_w, device_count in session.execute(chosen)
    ]


def month_caps(session: Session) -> MonthCapRow | None:
    """The caps of the installation, if there are any."""
    return session.get(MonthCapRow, 1)


def keep_month_caps(session: Session, row: MonthCapRow) -> None:
    """Stores them in place of those before."""
    session.merge(row)
    session.flush()


def device_seconds() -> ColumnElement[float | None]:
    """What an attempt is billed for: its wall clock on every one of its devices."""
    return AttemptRow.wall_clock_s * AttemptRow.device_count


def _power_w() -> ColumnElement[float | None]:
    """Average power of an attempt up to its meter's last reading; NULL where none was read."""
    return AttemptRow.energy_j / func.nullif(AttemptRow.metered_s, 0.0)


def capped(session: Session, pilot_ids: Iterable[str] | None = None) -> Sequence[RunRow]:
    """Runs that were stopped at a cap, of some pilots or of all, in their order."""
    chosen = select(RunRow).where(RunRow.status == "capped")
    if pilot_ids is not None:
        chosen = chosen.where(RunRow.pilot_id.in_(list(pilot_ids)))
    return session.scalars(chosen.order_by(RunRow.pilot_id, RunRow.number)).all()
