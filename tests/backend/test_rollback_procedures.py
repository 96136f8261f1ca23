"""The rollback procedure over HTTP: computed from a stored pilot, written nowhere."""

from backend.wire.codec import decode
from planner.reviews.rollback_procedure import RollbackProcedure
from tests.support.diverging import HALF, claimed, trained_to
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import planted_curve


def procedure(api: Api, pilot_id: str) -> RollbackProcedure:
    answer = api.get(f"/api/pilots/{pilot_id}/rollback-procedure")
    return decode(RollbackProcedure, answer.raise_for_status().json())


def test_a_finished_pilot_tells_how_its_recommendation_is_taken_back(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    api.worker().work_until_idle()
    found = procedure(api, pilot.id)
    assert (found.pilot, found.workload) == (pilot.pilot.name, "digits-mlp")
    assert (found.baseline.schedule, found.recommended.schedule) == ("today", "growing batch")
    assert [stage.step for stage in found.stages] == [0, 68]
    assert (found.runs, found.unhealthy_runs) == (2, 0)


def test_what_left_the_healthy_range_is_told_while_the_pilot_runs(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    (run,) = claim.runs
    trained_to(worker, run, 90)
    worker.roll_back(run, HALF)
    (seen,) = procedure(api, api.run(run.run_id).pilot_id).divergences
    assert (seen.step, seen.stage, seen.to_step, seen.rate_factor) == (90, 2, 68, 0.5)


def test_there_is_none_of_a_pilot_that_is_not_there_or_has_measured_nothing(api: Api) -> None:
    missing = api.get("/api/pilots/nobody/rollback-procedure")
    assert problem(missing)[0] == 404
    pilot = api.create(a_pilot())
    early = api.get(f"/api/pilots/{pilot.id}/rollback-procedure")
    assert problem(early) == (409, "pilot_not_measured_yet", None)
