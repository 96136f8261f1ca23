"""Ranks on GPUs, from one to as many as there are: NCCL adds up, gloo passes decisions on."""

from pathlib import Path

import pytest
import torch

from tests.worker.builders import GROWING_STEPS, a_claimed_run, points
from tests.worker.training.ranked import trained_by
from worker.workloads.digits_mlp import DigitsMlp

pytestmark = pytest.mark.gpu

TOLERANCE = 1e-3
"""Relative, of losses in single precision after 31 steps whose sums were made in another order."""


def test_all_gpus_of_this_computer_make_the_run_that_one_makes(tmp_path: Path) -> None:
    run = a_claimed_run()
    alone = trained_by(1, run, tmp_path / "1", workload=DigitsMlp(), kind="cuda")
    expected = points(alone.reports, "train")
    assert list(expected) == list(range(1, GROWING_STEPS + 1))
    for count in range(2, torch.cuda.device_count() + 1):
        several = trained_by(count, run, tmp_path / str(count), workload=DigitsMlp(), kind="cuda")
        found = points(several.reports, "train")
        assert list(found) == list(expected)
        for step, values in found.items():
            assert values == pytest.approx(expected[step], rel=TOLERANCE)
