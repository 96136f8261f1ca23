"""The way back on a GPU; `pytest -m gpu` on a machine that has one."""

from pathlib import Path

import pytest

from tests.worker.builders import attempt, checkpoints_in, points
from tests.worker.wild_runs import (
    STAGE,
    STEPS,
    a_wild_run,
    by_attempt,
    finish_of,
    rollbacks_in,
    tensors_of,
)

pytestmark = pytest.mark.gpu


def test_a_run_goes_back_to_its_stage_with_an_empty_momentum_buffer(tmp_path: Path) -> None:
    scratch = tmp_path / "one"
    reports = attempt(a_wild_run("roll_back"), scratch, device="cuda")
    back = rollbacks_in(reports)
    assert back
    assert {one.to_step for one in back} == {STAGE}
    for part in by_attempt(reports)[1:]:
        assert min(points(part, "train")) == STAGE + 1
    after = [saved for saved in checkpoints_in(scratch, list(reports)) if saved.step == STAGE]
    assert not tensors_of(after[0])["momentum"].any()
    assert finish_of(reports).step <= STEPS


def test_a_run_falls_back_on_todays_schedule(tmp_path: Path) -> None:
    reports = attempt(a_wild_run("fall_back"), tmp_path / "one", device="cuda")
    assert rollbacks_in(reports)[-1].follows == "today"
    assert finish_of(reports).outcome == "succeeded"
