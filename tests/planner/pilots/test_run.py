from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.pilots.run import (
    ENDED,
    FINAL,
    PHASE_ENDING,
    PROBE,
    TRANSITIONS,
    Attempt,
    Run,
    RunEvent,
    RunStatus,
    transition,
)
from planner.refusal import Refusal

STATUSES: tuple[RunStatus, ...] = get_args(RunStatus)
EVENTS: tuple[RunEvent, ...] = get_args(RunEvent)


def test_a_lost_run_is_claimed_again_and_succeeds():
    status: RunStatus = "queued"
    path: list[RunEvent] = ["claim", "lose", "claim", "pause", "resume", "claim", "succeed"]
    for event in path:
        status = transition(status, event)
    assert status == "succeeded"


@pytest.mark.parametrize(
    ("status", "event", "after"),
    [
        ("queued", "claim", "running"),
        ("running", "succeed", "succeeded"),
        ("running", "fail", "failed"),
        ("running", "diverge", "diverged"),
        ("running", "cap", "capped"),
        ("running", "pause", "paused"),
        ("paused", "resume", "queued"),
        ("capped", "raise_cap", "queued"),
        ("failed", "retry", "queued"),
        ("diverged", "retry", "queued"),
        ("running", "lose", "queued"),
        ("queued", "cancel", "cancelled"),
        ("running", "cancel", "cancelled"),
    ],
)
def test_every_arrow_of_the_life_cycle_is_there(
    status: RunStatus, event: RunEvent, after: RunStatus
):
    assert transition(status, event) == after


@pytest.mark.parametrize("status", ["queued", "running", "paused", "capped", "failed"])
def test_whatever_could_still_go_on_can_be_cancelled(status: RunStatus):
    assert transition(status, "cancel") == "cancelled"


def test_a_finished_run_is_not_cancelled_and_says_why():
    with pytest.raises(Refusal) as refusal:
        transition("succeeded", "cancel")
    assert (refusal.value.field, refusal.value.code) == ("status", "transition_refused")
    assert refusal.value.params == {"status": "succeeded", "event": "cancel"}


def test_only_a_running_run_reports_an_outcome():
    outcomes: list[RunEvent] = ["succeed", "fail", "diverge", "cap", "lose"]
    for event in outcomes:
        assert [status for status, possible in TRANSITIONS if possible == event] == ["running"]


def test_final_statuses_are_those_that_nothing_leaves():
    assert {status for status, _ in TRANSITIONS} == set(STATUSES) - FINAL


def test_failed_and_paused_runs_hold_their_phase_open():
    assert set(STATUSES) - PHASE_ENDING == {"queued", "running", "paused", "failed"}
    assert PHASE_ENDING < ENDED


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_whatever_happens_a_run_is_in_one_known_status(events: list[RunEvent]):
    status: RunStatus = "queued"
    for event in events:
        try:
            after = transition(status, event)
        except Refusal:
            after = status
            assert (status, event) not in TRANSITIONS
        assert after in STATUSES
        status = after


def test_a_probe_has_no_schedule_and_a_training_has_one():
    assert PROBE.schedule is None
    with pytest.raises(Refusal) as refusal:
        Run(schedule="today", rate_multiplier=1.0, seed=0, purpose="probe")
    assert (refusal.value.field, refusal.value.code) == ("schedule", "probe_with_schedule")
    with pytest.raises(Refusal) as refusal:
        Run(schedule=None, rate_multiplier=1.0, seed=0, purpose="selection")
    assert (refusal.value.field, refusal.value.code) == ("schedule", "schedule_missing")


@pytest.mark.parametrize(
    ("multiplier", "seed", "field", "code"),
    [
        (0.0, 1, "rate_multiplier", "not_positive"),
        (float("nan"), 1, "rate_multiplier", "not_finite"),
        (1.0, -1, "seed", "seed_out_of_range"),
        (1.0, 2**31, "seed", "seed_out_of_range"),
    ],
)
def test_a_run_that_could_not_be_trained_is_refused(
    multiplier: float, seed: int, field: str, code: str
):
    with pytest.raises(Refusal) as refusal:
        Run(schedule="today", rate_multiplier=multiplier, seed=seed, purpose="confirmation")
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_an_attempt_does_not_end_before_it_started():
    with pytest.raises(Refusal) as refusal:
        Attempt(number=1, from_step=10, to_step=9, evaluations=0)
    assert (refusal.value.field, refusal.value.code) == ("to_step", "below_minimum")
    assert refusal.value.params == {"minimum": 10}


def test_an_attempt_with_a_time_that_is_no_number_is_refused():
    with pytest.raises(Refusal) as refusal:
        Attempt(number=1, from_step=0, to_step=9, evaluations=0, wall_clock_s=float("nan"))
    assert (refusal.value.field, refusal.value.code) == ("wall_clock_s", "not_finite")
