import csv
import math
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import bench_gpu
from benchmarks.findings import QUICK_SHARE, find
from benchmarks.found.divergences import RECENT_STEPS, collapse
from benchmarks.found.settings import QUICK, SETTINGS
from planner.schedules.schedule import plan_steps

GUESSING = math.log(10)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("found")
    find((QUICK,), folder, share=QUICK_SHARE, command="quick")
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_findings_answer_every_question_of_every_workload(found: Path) -> None:
    text = (found / "findings.md").read_text()
    assert re.findall(r"^## (\d)\.", text, re.MULTILINE) == list("12345678")
    assert text.count(f"### {QUICK.workload}") == 6


def test_every_schedule_is_swept_at_five_rates_and_confirmed_on_other_seeds(found: Path) -> None:
    runs = rows(found / "findings/runs.csv")
    schedules = {schedule.name for schedule in QUICK.schedules()}
    selection = [run for run in runs if run["purpose"] == "selection"]
    assert len(selection) == len(schedules) * 5 * len(QUICK.selection)
    confirmed = {(run["schedule"], run["seed"]) for run in runs if run["purpose"] != "selection"}
    assert confirmed == {(name, str(seed)) for name in schedules for seed in QUICK.confirmation}


def test_what_was_spoilt_and_what_was_not_is_told_apart(found: Path) -> None:
    watched = rows(found / "findings/divergences.csv")
    assert {run["kind"] for run in watched if run["injected_at"]} == {
        "NaN in the data",
        "loss x 1e6",
    }
    for run in watched:
        if run["kind"] == "NaN in the data":
            assert run["finite"] == "False"
            assert run["alarm_at"] == run["collapsed_at"] == run["injected_at"]


def test_growing_rate_and_warm_up_are_the_same_until_the_warm_up_ends() -> None:
    for setting in SETTINGS:
        *_, growing, warmed = (
            plan_steps(schedule, training_samples=1000, epochs=setting.epochs)
            for schedule in setting.schedules()
        )
        same = growing.epoch < 3 * setting.stage_epochs
        np.testing.assert_allclose(growing.learning_rate[same], warmed.learning_rate[same])
        assert (growing.batch_size == warmed.batch_size).all()


def test_a_run_has_collapsed_when_it_guesses_again_or_breaks() -> None:
    learnt = np.full(200, 0.1)
    lost = np.concatenate([learnt, np.full(50, GUESSING)])
    assert collapse(learnt, GUESSING) is None
    assert collapse(lost, GUESSING) == 200 + RECENT_STEPS // 2 + 1
    assert collapse(np.append(learnt, math.inf), GUESSING) == 201
    slow = np.concatenate([np.full(300, GUESSING), learnt])
    assert collapse(slow, GUESSING) is None
    assert collapse(np.concatenate([slow, lost]), GUESSING) == 500 + 200 + RECENT_STEPS // 2 + 1
    assert collapse(np.full(300, GUESSING), GUESSING, since=250) == 250


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is something to measure")
def test_without_a_gpu_nothing_is_measured_and_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench_gpu.main()
    assert capsys.readouterr().out == "GPU: not measured (no CUDA device here)\n"


@pytest.mark.gpu
def test_with_a_gpu_speed_recompiles_and_the_curve_are_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench_gpu.main()
    printed = capsys.readouterr().out
    for word in ("images/s", "MFU", "graphs", "saturation batch"):
        assert word in printed
