import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from planner.inference.seed_value import evsi, unit_loss


def test_the_unit_normal_loss_has_its_published_values():
    found = [unit_loss(u) for u in (0.0, 0.5, 1.0)]
    assert found == pytest.approx([0.398942280, 0.197796557, 0.0833154706], abs=5e-10)


def test_the_unit_normal_loss_is_the_expected_excess():
    excess, _ = integrate.quad(lambda z: (z - 0.7) * stats.norm.pdf(z), 0.7, 12)
    assert unit_loss(0.7) == pytest.approx(excess)


def test_five_more_seeds_are_worth_two_hundred():
    found = evsi(mean=1000, seed_sd=2000, seeds=5, more_seeds=5)
    assert found == pytest.approx(199.641228, abs=5e-7)
    assert evsi(mean=-1000, seed_sd=2000, seeds=5, more_seeds=5) == found


def test_seeds_that_can_tell_nothing_are_worth_nothing():
    assert evsi(mean=1000, seed_sd=0, seeds=5, more_seeds=5) == 0.0
    assert evsi(mean=1000, seed_sd=2000, seeds=5, more_seeds=0) == 0.0


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(1, 50), st.integers(0, 50))
def test_more_seeds_are_never_worth_less(mean, seed_sd, seeds, more):
    worth = evsi(mean=mean, seed_sd=seed_sd, seeds=seeds, more_seeds=more)
    another = evsi(mean=mean, seed_sd=seed_sd, seeds=seeds, more_seeds=more + 1)
    assert 0 <= worth <= another + 1e-9 * seed_sd
