"""On a GPU sums may come in another order: a resumed run is the same within chance, by seed."""

import dataclasses
import math
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import pytest

from tests.worker.builders import GROWING_STEPS, a_claimed_run, attempt, checkpoints_in
from tests.worker.resuming import finish_of
from worker.data.places import DataPlaces

SEEDS = range(11, 21)


@pytest.mark.gpu
def test_resumed_runs_end_where_uninterrupted_ones_of_their_seeds_do_within_two_standard_errors(
    tmp_path: Path, places: DataPlaces
) -> None:
    stops = np.random.default_rng(7).integers(1, GROWING_STEPS, size=len(SEEDS))
    differences = []
    for seed, stop_at in zip(SEEDS, stops.tolist(), strict=True):
        run = a_claimed_run(seed=seed)
        common = {"places": places, "device": "cuda:0"}
        whole = attempt(run, tmp_path / f"{seed}-whole", **common)
        first = attempt(run, tmp_path / f"{seed}-until", stop_at=stop_at, **common)
        second = attempt(
            dataclasses.replace(run, attempt=2),
            tmp_path / f"{seed}-from",
            checkpoints=checkpoints_in(tmp_path / f"{seed}-until", first),
            **common,
        )
        ours, theirs = finish_of(second).final_metrics, finish_of(whole).final_metrics
        differences.append(ours["test_loss"] - theirs["test_loss"])
    standard_error = stdev(differences) / math.sqrt(len(differences))
    assert abs(mean(differences)) <= 2 * standard_error
