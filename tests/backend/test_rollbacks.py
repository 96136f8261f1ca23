"""Rollbacks: a divergence ends an attempt, and the next goes on under the same claim."""

from dataclasses import replace

import pytest

from backend.threads.reaper import sweep
from backend.wire.codec import decode
from planner.exchange.work import AttemptStart, Claim
from planner.measurements.measurement import RunRecord
from planner.pilots.divergence import FallBack, Rollback, RolledBack
from planner.pilots.run import Attempt
from tests.support.diverging import HALF, QUARTER, TO_TODAY, claimed, trained_to, went_back
from tests.support.installation import Api, StillClock, a_pilot, problem
from tests.support.planted_worker import (
    chunks_of,
    falling_loss,
    planted_curve,
    table_of,
)


def record_of(api: Api, run_id: str) -> RunRecord:
    pilot_id = api.run(run_id).pilot_id
    answer = api.get(f"/api/pilots/{pilot_id}/records").raise_for_status()
    records = decode(tuple[RunRecord, ...], answer.json())
    return next(record for record in records if record.run_id == run_id)


def test_a_rollback_opens_the_next_attempt_of_the_same_claim(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    trained_to(worker, run, 90)
    again = worker.roll_back(run, HALF)
    assert again.attempt == run.attempt + 1
    state = api.run(run.run_id)
    assert (state.status, state.attempt, state.step, state.steps_planned) == (
        "running",
        2,
        68,
        102,
    )
    attempts = record_of(api, run.run_id).attempts
    assert attempts[0] == Attempt(
        number=1, from_step=0, to_step=90, evaluations=0, wall_clock_s=1.0
    )
    assert attempts[1] == Attempt(
        number=2, from_step=68, to_step=68, evaluations=0, cause="rollback", rate_factor=0.5
    )


def test_points_after_the_stage_start_are_superseded_and_kept(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    went_back(worker, run, HALF, to_step=80)
    path = f"/api/runs/{run.run_id}/series"
    live = api.get(path, group="train").raise_for_status().json()
    assert live["steps"] == list(range(1, 81))
    assert live["attempts"] == [1] * 68 + [2] * 12
    superseded = api.get(path, group="train", superseded=True).raise_for_status().json()
    assert superseded["steps"] == list(range(69, 91))


def test_the_ended_attempt_may_write_nothing_more(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    trained_to(worker, run, 90)
    worker.roll_back(run, HALF)
    late = worker.write(run, "start", AttemptStart(from_step=0))
    assert problem(late) == (409, "attempt_fenced", None)


def test_a_supervisor_that_does_not_know_yet_of_the_rollback_keeps_its_lease(
    api: Api, clock: StillClock
) -> None:
    """Between the rollback and its answer, a beat still names the attempt that ended."""
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    trained_to(worker, run, 90)
    worker.roll_back(run, HALF)
    clock.pass_s(14)
    assert worker.beat(claim, step=90) == "continue"
    assert api.run(run.run_id).step == 68
    clock.pass_s(14)
    sweep(api.installation)
    assert api.run(run.run_id).status == "running"


def test_a_beat_of_an_attempt_that_was_never_opened_is_fenced(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    ahead = Claim(token=claim.token, runs=(replace(claim.runs[0], attempt=2),))
    assert worker.beat(ahead) == "fenced"


def test_a_rollback_whose_answer_was_lost_is_answered_again_with_a_token_that_works(
    api: Api,
) -> None:
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    trained_to(worker, run, 90)
    lost = worker.roll_back(run, HALF)
    again = worker.roll_back(run, HALF)
    assert again.attempt == lost.attempt == 2
    assert api.run(run.run_id).attempt == 2
    trained_to(worker, again, 80, from_step=68)
    stale = worker.write(lost, "start", AttemptStart(from_step=68))
    assert problem(stale)[0] == 401


def test_a_rollback_sent_again_after_its_attempt_has_gone_on_is_fenced(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    went_back(worker, run, HALF, to_step=80)
    late = worker.write(run, "rollback", RolledBack(rollback=HALF, wall_clock_s=1.0))
    assert problem(late) == (409, "attempt_fenced", None)
    assert api.run(run.run_id).attempt == 2


@pytest.mark.parametrize(
    ("policy", "back"),
    [
        ("stop", HALF),
        ("fall_back", HALF),
        ("roll_back", TO_TODAY),
        ("roll_back", QUARTER),
    ],
)
def test_a_rollback_that_the_policy_does_not_know_is_refused(
    api: Api, policy: str, back: Rollback
) -> None:
    claim, worker = claimed(api, policy)
    run = claim.runs[0]
    trained_to(worker, run, 90)
    answer = worker.write(run, "rollback", RolledBack(rollback=back, wall_clock_s=1.0))
    assert problem(answer) == (409, "rollback_not_allowed", None)
    assert api.run(run.run_id).attempt == 1


def test_a_third_rollback_is_refused_and_the_run_can_end_as_diverged(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    trained_to(worker, run, 90)
    twice = worker.roll_back(worker.roll_back(run, HALF), QUARTER)
    third = Rollback(at_step=96, to_step=68, rate_factor=0.125)
    answer = worker.write(twice, "rollback", RolledBack(rollback=third, wall_clock_s=1.0))
    assert problem(answer) == (409, "rollback_not_allowed", None)
    assert worker.finish(twice, step=96, outcome="diverged").status == "diverged"


def test_an_attempt_that_has_not_started_cannot_go_back(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    told = RolledBack(rollback=HALF, wall_clock_s=1.0)
    assert problem(worker.write(claim.runs[0], "rollback", told)) == (
        409,
        "attempt_not_started",
        None,
    )


def test_a_rollback_beyond_the_plan_is_refused(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    trained_to(worker, claim.runs[0], 90)
    told = RolledBack(rollback=Rollback(at_step=103, to_step=68, rate_factor=0.5), wall_clock_s=1.0)
    assert problem(worker.write(claim.runs[0], "rollback", told)) == (
        422,
        "step_beyond_plan",
        "rollback.at_step",
    )


def test_a_worker_that_is_lost_right_after_a_rollback_leaves_it_to_the_next(
    api: Api, clock: StillClock
) -> None:
    """Only the checkpoint of the stage's start is on the live path; step 80 was superseded."""
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    trained_to(worker, run, 90)
    for step in (34, 68, 80):
        worker.checkpoint(run, step=step)
    worker.roll_back(run, HALF)
    clock.pass_s(16)
    sweep(api.installation)
    assert api.run(run.run_id).status == "queued"
    claims = [worker.claim() for _ in range(2)]
    later = next(
        one.runs[0] for one in claims if one is not None and one.runs[0].run_id == run.run_id
    )
    assert (later.run_id, later.attempt, later.rollbacks) == (run.run_id, 3, (HALF,))
    assert [saved.step for saved in later.checkpoints] == [68, 34]
    worker.start(later, from_step=68)
    attempt = record_of(api, run.run_id).attempts[-1]
    assert (attempt.cause, attempt.rate_factor, attempt.from_step) == ("claim", 0.5, 68)


def test_a_run_that_falls_back_takes_the_baseline_s_steps_from_there_on(api: Api) -> None:
    """68 steps of 32 are two epochs; today's schedule takes the other two in 2 x 34 steps."""
    claim, worker = claimed(api, "fall_back")
    run = claim.runs[0]
    assert run.fall_back is not None
    assert (run.fall_back.schedule.name, run.fall_back.rate_multiplier) == ("today", 1.0)
    trained_to(worker, run, 90)
    again = worker.roll_back(run, TO_TODAY)
    assert api.run(run.run_id).steps_planned == 136
    table = table_of(again)
    for chunk in chunks_of(again, table, worker.plant, from_step=68):
        worker.write(again, "series", chunk).raise_for_status()
    assert worker.finish(again, step=136).status == "succeeded"
    attempt = record_of(api, run.run_id).attempts[-1]
    assert (attempt.cause, attempt.follows, attempt.to_step) == ("fall_back", "today", 136)


def test_the_baseline_itself_has_nothing_to_fall_back_on(api: Api) -> None:
    claim, worker = claimed(api, "fall_back", schedule="today")
    run = claim.runs[0]
    assert run.fall_back is None
    trained_to(worker, run, 90)
    to_itself = Rollback(at_step=90, to_step=0, follows="today")
    answer = worker.write(run, "rollback", RolledBack(rollback=to_itself, wall_clock_s=1.0))
    assert problem(answer) == (409, "rollback_not_allowed", None)


def test_a_run_falls_back_on_the_baseline_at_its_own_selected_rate(api: Api) -> None:
    """The sweep selects a multiplier for each schedule; a fall-back takes the baseline's."""
    pilot = a_pilot(
        seeds={"confirmation": [11], "selection": [1]},
        rate_multipliers=[1, 4],
        divergence={"policy": "fall_back"},
    )

    def faster_at_4(_: object, rate_multiplier: float, __: int) -> object:
        return falling_loss(0.2 / rate_multiplier)

    pilot_id = api.create(pilot, throughput=planted_curve()).id
    worker = api.worker(faster_at_4)  # type: ignore[arg-type]
    seen: dict[str, set[FallBack | None]] = {}
    while (claim := worker.claim()) is not None:
        (run,) = claim.runs
        assert run.schedule is not None
        if run.schedule.name == "growing batch":
            assert run.fall_back is not None
            seen.setdefault(run.purpose, set()).add(run.fall_back.rate_multiplier)  # type: ignore[arg-type]
        worker.train(run)
    assert api.pilot(pilot_id).selected["today"] == 4
    assert seen == {"selection": {1.0}, "confirmation": {4.0}}
