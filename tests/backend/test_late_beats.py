"""Beats, and looks at leases, that a change of their attempt overtakes."""

import pytest

from backend.access.security import Principal
from backend.services import rollbacks
from backend.threads.reaper import sweep
from backend.unit_of_work import UnitOfWork
from planner.exchange.work import Claim
from planner.pilots.divergence import RolledBack
from tests.support.diverging import HALF, claimed, trained_to
from tests.support.installation import Api, StillClock, a_pilot
from tests.support.planted_worker import PlantedWorker, planted_curve


def begun(api: Api) -> tuple[Claim, PlantedWorker]:
    """A run that somebody claimed and started."""
    api.create(a_pilot(seeds={"confirmation": [11]}), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    worker.start(claim.runs[0], from_step=0)
    return claim, worker


@pytest.mark.parametrize("outcome", ["diverged", "lost", "released"])
def test_a_beat_heard_after_the_end_of_its_attempt_changes_nothing_of_the_run(
    api: Api, outcome: str
) -> None:
    claim, worker = begun(api)
    run = claim.runs[0]
    ended = worker.finish(run, step=5, outcome=outcome)
    leases = api.installation.leases
    assert not leases.renew(run.run_id, run.attempt, token=claim.token, step=60)
    assert leases.held_s(run.run_id) == 0.0
    assert api.run(run.run_id).step == ended.step


def test_the_end_of_an_attempt_is_told_with_its_own_step_and_not_with_a_beats(api: Api) -> None:
    claim, worker = begun(api)
    run = claim.runs[0]
    worker.beat(claim, step=60)
    assert worker.finish(run, step=5, outcome="diverged").step == 5


def test_a_look_at_leases_brings_no_ended_attempt_back(api: Api, clock: StillClock) -> None:
    """The reaper reads what runs before it looks whose term passed."""
    claim, worker = begun(api)
    run = claim.runs[0]
    worker.finish(run, step=5, outcome="diverged")
    leases = api.installation.leases
    assert leases.give_up_expired([(run.run_id, run.attempt, claim.token)]) == {}
    clock.pass_s(1)
    assert leases.held_s(run.run_id) == 0.0


def test_a_beat_during_a_rollback_that_is_not_committed_yet_keeps_the_run(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    trained_to(worker, run, 90)
    with api.installation.database.write() as session, session.begin():
        work = UnitOfWork(
            session=session,
            installation=api.installation,
            principal=Principal(name="a worker", scope="worker"),
            now=api.clock.at,
        )
        rollbacks.roll_back(
            work, run.run_id, run.attempt, RolledBack(rollback=HALF, wall_clock_s=1.0)
        )
        assert worker.beat(claim, step=90) == "continue"
    assert worker.beat(claim, step=90) == "continue"
    assert (api.run(run.run_id).attempt, api.run(run.run_id).step) == (2, 68)


def test_a_beat_read_before_a_rollback_and_heard_after_it_keeps_the_run(
    api: Api, clock: StillClock
) -> None:
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    trained_to(worker, run, 90)
    worker.roll_back(run, HALF)
    leases = api.installation.leases
    clock.pass_s(14)
    assert leases.renew(run.run_id, run.attempt, token=claim.token, step=90)
    assert api.run(run.run_id).step == 68
    clock.pass_s(14)
    sweep(api.installation)
    assert api.run(run.run_id).status == "running"
