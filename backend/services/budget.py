"""Caps: how much device time a pilot has spent, and whether that is all it may."""

from backend.problems import conflict
from backend.repositories import pilots, runs
from backend.tables import PilotRow
from backend.unit_of_work import UnitOfWork

SECONDS_AN_HOUR = 3600.0


def spent_s(work: UnitOfWork, pilot_id: str) -> float:
    """Device seconds of every attempt, the running ones up to this moment."""
    running = pilots.running_attempts_s(work.session, pilot_id)
    running_s = sum(max(told_s, work.leases.held_s(run_id)) for run_id, told_s in running.items())
    return pilots.ended_attempts_s(work.session, pilot_id) + running_s


def cap_reached(work: UnitOfWork, pilot: PilotRow) -> bool:
    """Whether nothing more of this pilot may run.

    Once a run was capped that is so until the cap is raised: what an attempt is billed in the end
    can be a little less than it was held for, which must neither start nor judge anything.
    """
    if pilot.cap_device_h is None:
        return False
    if runs.any_capped(work.session, pilot.id):
        return True
    return spent_s(work, pilot.id) >= pilot.cap_device_h * SECONDS_AN_HOUR


def refuse_beyond_caps(work: UnitOfWork, pilot: PilotRow, *, device_h: float) -> None:
    """Refuses work that is expected to pass a cap.

    Raises:
        RequestError: It would.
    """
    cap_h = pilot.cap_device_h
    expected_h = spent_s(work, pilot.id) / SECONDS_AN_HOUR + device_h
    if cap_h is not None and expected_h > cap_h:
        raise conflict("beyond_cap", needed=device_h, cap=cap_h)
