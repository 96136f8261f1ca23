import hashlib

import torch

from planner.pilots.workload import BUILT_IN
from worker.data.places import DataPlaces
from worker.workloads.digits_mlp import DigitsMlp

SIZES = {"training": 1078, "validation": 359, "test": 360}


def test_the_splits_have_the_sizes_that_the_catalogue_states(places: DataPlaces) -> None:
    splits = DigitsMlp().load(places)
    known = BUILT_IN["digits-mlp"]
    assert {name: len(labels) for name, (_, labels) in splits.items()} == SIZES
    assert {
        "training": known.training_samples,
        "validation": known.validation_samples,
        "test": known.test_samples,
    } == SIZES


def test_every_image_is_in_one_split_only(places: DataPlaces) -> None:
    from sklearn.datasets import load_digits

    splits = DigitsMlp().load(places)
    images = torch.cat([inputs for inputs, _ in splits.values()])
    ours = sorted(map(tuple, images.tolist()))
    theirs = sorted(map(tuple, (load_digits().data / 16).tolist()))
    assert ours == theirs


def test_every_digit_has_its_share_in_every_split(places: DataPlaces) -> None:
    for name, (_, labels) in DigitsMlp().load(places).items():
        shares = torch.bincount(labels, minlength=10) / SIZES[name]
        assert float(shares.min()) > 0.09
        assert float(shares.max()) < 0.11


def test_the_split_is_the_one_that_results_were_measured_on(places: DataPlaces) -> None:
    labels = torch.cat([labels for _, labels in DigitsMlp().load(places).values()])
    digest = hashlib.sha256(bytes(labels.tolist())).hexdigest()
    assert digest == "d1b95e2b8edf4ff10ab14192167ab8d7fdcd0f47ef2c460feb9c7735442573b9"


def test_initial_weights_follow_from_the_seed_and_disturb_nobody() -> None:
    workload = DigitsMlp()
    before = torch.get_rng_state()
    first, again, other = (workload.make_model(seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first["0.weight"], again["0.weight"])
    assert not torch.equal(first["0.weight"], other["0.weight"])
