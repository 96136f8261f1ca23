import pytest

from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.exchange.series import SeriesChunk
from planner.exchange.work import AttemptStart, Finish
from planner.pilots.divergence import Rollback, RolledBack
from tests.worker.builders import a_claimed_run
from worker.spool import Report, Stopped
from worker.training.diary import Diary

WHO = "growing batch, rate x 0.5, seed 11: "


@pytest.fixture
def diary() -> Diary:
    return Diary(a_claimed_run(rate_multiplier=0.5, attempt=2), device="cpu")


def told(diary: Diary, report: Report, now: float = 0.0) -> list[str]:
    lines = list(diary.lines(report, now=now))
    assert all(line.startswith(WHO) for line in lines)
    return [line.removeprefix(WHO) for line in lines]


def trained(first_step: int, *sizes: float, loss: float | None = 2.5) -> SeriesChunk:
    count = len(sizes)
    return SeriesChunk(
        seq=0,
        group="train",
        steps=tuple(range(first_step, first_step + count)),
        columns={
            "batch_loss": (loss,) * count,
            "learning_rate": (0.05,) * count,
            "batch_size": sizes,
        },
        wall_clock_s=1.0,
    )


def evaluated(step: int, loss: float) -> SeriesChunk:
    columns: dict[str, tuple[float | None, ...]] = {"validation_loss": (9.0, loss)}
    return SeriesChunk(
        seq=0, group="evaluation", steps=(step - 1, step), columns=columns, wall_clock_s=1.0
    )


def ended(outcome: str = "succeeded", **changes: object) -> Finish:
    end: dict[str, object] = {"outcome": outcome, "step": 31, "wall_clock_s": 1.0}
    return Finish(**{**end, "final_metrics": {}, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("step", "line"),
    [(0, "attempt 2 begins on cpu"), (17, "attempt 2 goes on after step 17 on cpu")],
)
def test_an_attempt_says_where_it_begins(diary: Diary, step: int, line: str) -> None:
    assert told(diary, AttemptStart(from_step=step)) == [line]


def test_every_change_of_the_batch_size_is_told_once(diary: Diary) -> None:
    stage = "learning rate 0.05, batch loss 2.5"
    assert told(diary, trained(1, 64, 64, 128)) == [
        f"step 1: batch size 64, {stage}",
        f"step 3: batch size 128, {stage}",
    ]
    assert told(diary, trained(4, 128, 128)) == []
    assert told(diary, trained(6, 256)) == [f"step 6: batch size 256, {stage}"]


def test_a_loss_that_is_no_number_is_called_so(diary: Diary) -> None:
    (line,) = told(diary, trained(1, 64, loss=None))
    assert line.endswith("batch loss not finite")


def test_metrics_are_told_now_and_then_and_the_last_ones_at_the_end(diary: Diary) -> None:
    assert told(diary, evaluated(17, 0.5), now=10.0) == ["step 17: validation_loss 0.5"]
    assert told(diary, evaluated(26, 0.4), now=11.9) == []
    assert told(diary, evaluated(27, 0.35), now=12.0) == ["step 27: validation_loss 0.35"]
    assert told(diary, evaluated(31, 0.25), now=12.5) == []
    assert told(diary, ended(final_metrics={"test_accuracy": 0.975})) == [
        "step 31: validation_loss 0.25",
        "succeeded after step 31, test_accuracy 0.975",
    ]


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (ended("diverged"), "diverged after step 31"),
        (ended("failed", reason="out_of_memory"), "failed after step 31, out_of_memory"),
        (
            RolledBack(rollback=Rollback(at_step=30, to_step=17, rate_factor=0.5), wall_clock_s=1),
            "diverged after step 30, goes back to step 17 and on at 0.5 of the rate",
        ),
        (
            RolledBack(rollback=Rollback(at_step=30, to_step=17, follows="today"), wall_clock_s=1),
            "diverged after step 30, goes back to step 17 and on with the schedule today",
        ),
        (Stopped(step=12, wall_clock_s=1.0), "stopped after step 12, as asked"),
    ],
)
def test_an_end_or_a_return_is_told(diary: Diary, report: Report, line: str) -> None:
    assert told(diary, report) == [line]


def test_a_probe_tells_every_batch_size_and_whether_memory_ended_it() -> None:
    diary = Diary(a_claimed_run(purpose="probe", schedule=None), device="cpu")
    curve = ThroughputCurve(
        workload="digits-mlp",
        device="d",
        dtype="float32",
        versions="torch",
        points=(ThroughputPoint(batch_size=8, step_time_s=0.001, spread_fraction=0.02, steps=20),),
        evaluation_s=0.1,
        memory_limited=True,
    )
    assert list(diary.lines(curve, now=0.0)) == [
        "probe of digits-mlp: batch size 8: 1 ms a step, 8000 samples/s, spread 2.0%, 20 steps",
        "probe of digits-mlp: memory ended the curve there",
    ]
