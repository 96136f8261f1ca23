"""Several attempts in one trainer, and how they leave it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from planner.exchange.work import AttemptStart, CheckpointRecord, Finish
from tests.worker.builders import (
    Watched,
    a_claimed_run,
    attempt,
    attempts,
    checkpoints_in,
    place_for,
    points,
    reports_in,
    trained,
)
from worker.control import Control
from worker.data.places import DataPlaces
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
    assert second == [AttemptStart(from_step=0, bundle_size=1), Stopped(step=0, wall_clock_s=0.0)]
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


class Interrupted(Watched):
    """Right after so many looks at it between two steps, a signal asks everybody to leave."""

    at_look = 0
    everybody: Sequence[Watched] = ()
    stepping = False
    looks = 0

    def wants_attention(self, step: int) -> bool:
        self.stepping = True
        wanted = super().wants_attention(step)
        self.stepping = False
        return wanted

    def should_stop(self) -> bool:
        asked = super().should_stop()
        self.looks += not self.stepping
        if self.looks == self.at_look:
            for context in self.everybody:
                context.ask_to_stop()
        return asked


@pytest.mark.parametrize("at_look", [4, 5, 6])
def test_a_signal_between_two_members_finds_all_of_them_at_one_step(
    at_look: int, tmp_path: Path
) -> None:
    contexts = []
    for number, run in enumerate(a_claimed_run(seed=seed) for seed in SEEDS):
        place_for(tmp_path / str(number))
        contexts.append(Interrupted(run, scratch=tmp_path / str(number)))
    contexts[1].everybody, contexts[1].at_look = contexts, at_look
    trained(contexts, DataPlaces(cache_dir=tmp_path / "cache"), execution="batched")
    ends = [reports_in(tmp_path / str(number))[-1] for number in range(len(contexts))]
    assert len({end.step for end in ends if isinstance(end, Stopped)}) == 1
    assert all(isinstance(end, Stopped) for end in ends)
