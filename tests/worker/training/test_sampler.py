import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.training.sampler import Sampler, SamplerState


def a_sampler(*, samples: int = 10, seed: int = 3, epoch: int = 0, cursor: int = 0) -> Sampler:
    return Sampler(samples=samples, state=SamplerState(seed=seed, epoch=epoch, cursor=cursor))


def test_an_epoch_shows_every_sample_once_however_it_is_cut() -> None:
    sampler = a_sampler()
    seen = torch.cat([sampler.take(items) for items in (2, 5, 3)])
    assert sorted(seen.tolist()) == list(range(10))


@given(st.lists(st.integers(1, 12), min_size=1, max_size=20))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_samples_does_not_depend_on_the_batch_sizes(batches: list[int]) -> None:
    one_by_one, cut = a_sampler(samples=25), a_sampler(samples=25)
    left = 25
    for batch in batches:
        items = min(batch, left)
        singles = [int(one_by_one.take(1)) for _ in range(items)]
        assert cut.take(items).tolist() == singles
        left = left - items or 25


def test_epochs_and_seeds_have_orders_of_their_own() -> None:
    sampler = a_sampler(samples=100)
    first, second = sampler.take(100).tolist(), sampler.take(100).tolist()
    assert first != second
    assert a_sampler(samples=100, seed=4).take(100).tolist() != first


@pytest.mark.parametrize("taken", [0, 1, 7, 10])
def test_a_sampler_goes_on_from_its_state(taken: int) -> None:
    whole, cut = a_sampler(), a_sampler()
    for sampler in (whole, cut):
        if taken:
            sampler.take(taken)
    restored = Sampler(samples=10, state=cut.state)
    assert restored.take(3).tolist() == whole.take(3).tolist()


def test_the_state_at_the_end_of_an_epoch_is_the_start_of_the_next() -> None:
    sampler = a_sampler()
    sampler.take(10)
    assert sampler.state == SamplerState(seed=3, epoch=1, cursor=0)


@pytest.mark.parametrize("items", [0, -1, 8])
def test_a_batch_never_crosses_the_end_of_an_epoch(items: int) -> None:
    sampler = a_sampler(cursor=3)
    with pytest.raises(ValueError, match="do not fit at 3 of 10"):
        sampler.take(items)
