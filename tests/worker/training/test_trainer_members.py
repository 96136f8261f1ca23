"""Several attempts in one trainer, one after the other."""

from pathlib import Path

from planner.exchange.work import AttemptStart, CheckpointRecord, Finish
from tests.worker.builders import (
    a_claimed_run,
    attempt,
    attempts,
    checkpoints_in,
    points,
)
from worker.control import Control
from worker.spool import Stopped

SEEDS = (11, 12, 13)


def test_attempts_in_one_trainer_measure_what_each_measures_alone(tmp_path: Path) -> None:
    runs = [a_claimed_run(seed=seed) for seed in SEEDS]
    together = attempts(runs, tmp_path / "together")
    for run, reports in zip(runs, together, strict=True):
        alone = attempt(run, tmp_path / f"alone-{run.seed}")
        for group in ("train", "evaluation"):
            assert points(reports, group) == points(alone, group)
        assert isinstance(reports[-1], Finish)
        assert isinstance(alone[-1], Finish)
        assert reports[-1].final_metrics == alone[-1].final_metrics


def test_an_attempt_that_cannot_begin_fails_and_the_others_go_on(tmp_path: Path) -> None:
    runs = [a_claimed_run(), a_claimed_run(evaluate_every="never"), a_claimed_run(seed=12)]
    ends = [reports[-1] for reports in attempts(runs, tmp_path / "one")]
    assert [end.outcome for end in ends if isinstance(end, Finish)] == [
        "succeeded",
        "failed",
        "succeeded",
    ]


def test_an_attempt_is_asked_to_stop_through_its_own_control(tmp_path: Path) -> None:
    def ask_the_second(step: int) -> None:
        if step == 20:
            control = Control(tmp_path / "one" / "1" / "control")
            control.ask_to_stop()
            control.close()

    runs = [a_claimed_run(seed=seed) for seed in SEEDS]
    first, second, third = attempts(runs, tmp_path / "one", after_step=ask_the_second)
    assert isinstance(first[-1], Finish)
    assert second == [AttemptStart(from_step=0), Stopped(step=0, wall_clock_s=0.0)]
    assert isinstance(third[-1], Finish)


def test_all_attempts_leave_at_their_own_last_step_when_the_trainer_is_asked(
    tmp_path: Path,
) -> None:
    run = a_claimed_run()
    (whole,) = attempts([run], tmp_path / "whole")
    earlier = checkpoints_in(tmp_path / "whole" / "0", whole)[1:]
    first, second = attempts(
        [run, a_claimed_run(attempt=2)],
        tmp_path / "two",
        stop_at=20,
        checkpoints=[(), earlier],
    )
    assert isinstance(first[-2], CheckpointRecord)
    assert [first[-2].step, last_step(first)] == [20, 20]
    assert last_step(second) == earlier[0].step == 26


def last_step(reports: list[object]) -> int:
    end = reports[-1]
    assert isinstance(end, Stopped)
    return end.step
