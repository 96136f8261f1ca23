import pytest

from planner.pilots.divergence import (
    Divergence,
    FallBack,
    NextAttempt,
    Rollback,
    RolledBack,
    way_back,
)
from planner.refusal import Refusal
from tests.support.known_pilot import known_pilot


def back(
    policy: str, *earlier: Rollback, baseline: str | None = "today", at_step: int = 180
) -> Rollback | None:
    return way_back(policy, earlier, at_step=at_step, to_step=100, baseline=baseline)  # type: ignore[arg-type]


def test_a_pilot_stops_diverged_runs_unless_it_says_otherwise():
    assert known_pilot().divergence == Divergence(policy="stop")
    assert back("stop") is None


def test_a_run_is_rolled_back_twice_at_half_the_rate_each_time_and_then_has_diverged():
    first = back("roll_back")
    assert first == Rollback(at_step=180, to_step=100, rate_factor=1 / 2)
    second = back("roll_back", first)
    assert second == Rollback(at_step=180, to_step=100, rate_factor=1 / 4)
    assert back("roll_back", first, second) is None


def test_a_run_falls_back_on_the_baseline_once_at_the_baseline_s_full_rate():
    once = back("fall_back")
    assert once == Rollback(at_step=180, to_step=100, follows="today")
    assert back("fall_back", once) is None


def test_the_baseline_has_nothing_to_fall_back_on():
    assert back("fall_back", baseline=None) is None


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"at_step": 99}, "at_step", "below_minimum"),
        ({"to_step": -1}, "to_step", "below_minimum"),
        ({"at_step": 10_000_001}, "at_step", "above_maximum"),
        ({"rate_factor": 0.0}, "rate_factor", "not_positive"),
        ({"rate_factor": 1.5}, "rate_factor", "above_maximum"),
        ({"follows": " "}, "follows", "empty"),
        ({"follows": "today", "rate_factor": 0.5}, "rate_factor", "fall_back_at_full_rate"),
    ],
)
def test_a_rollback_that_cannot_be_is_refused(
    changes: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        Rollback(**({"at_step": 180, "to_step": 100} | changes))  # type: ignore[arg-type]
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_clock_that_ran_backwards_and_a_rate_of_nothing_are_refused():
    with pytest.raises(Refusal):
        RolledBack(rollback=Rollback(at_step=1, to_step=0), wall_clock_s=-1.0)
    with pytest.raises(Refusal):
        FallBack(schedule=known_pilot().baseline, rate_multiplier=0.0)
    assert NextAttempt(attempt=2, attempt_token="secret").attempt == 2
