import numpy as np
import pytest

from worker.workloads.splitting import stratified

LABELS = np.repeat(np.arange(4), (100, 200, 300, 400))


def test_parts_are_disjoint_and_have_every_class_in_proportion() -> None:
    first, second = stratified(LABELS, sizes=(500, 200), seed=1)
    assert (len(first), len(second)) == (500, 200)
    assert not set(first) & set(second)
    for part, share in ((first, 0.5), (second, 0.2)):
        counts = np.bincount(LABELS[part], minlength=4)
        assert np.abs(counts - share * np.array([100, 200, 300, 400])).max() <= 1


def test_a_part_does_not_depend_on_the_ones_after_it() -> None:
    (alone,) = stratified(LABELS, sizes=(200,), seed=1)
    first, _ = stratified(LABELS, sizes=(200, 700), seed=1)
    assert alone.tolist() == first.tolist()


def test_another_seed_gives_another_part() -> None:
    (one,), (other,) = (stratified(LABELS, sizes=(200,), seed=seed) for seed in (1, 2))
    assert set(one) != set(other)


def test_more_samples_than_there_are_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="1001 samples cannot be drawn from 1000"):
        stratified(LABELS, sizes=(1000, 1), seed=1)
