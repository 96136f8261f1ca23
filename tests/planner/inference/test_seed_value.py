import itertools
import math

import numpy as np
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


CASES = list(
    itertools.product((-1500.0, -500.0, 0.0, 250.0, 1000.0), ((5, 1), (5, 5), (10, 3), (20, 10)))
)
"""Mean NPV, and (seeds so far, more seeds), where the seeds leave a spread of 2,000."""


def gain_of_more_seeds(*, mean, seed_sd, seeds, more_seeds, pilots=400_000):
    """Brute force: so many pilots, each with its own truth, its own new seeds, its own decision.

    The seeds so far leave the true worth spread by ``seed_sd`` around ``mean``, so that one seed
    alone has a spread of ``seed_sd sqrt n``. Whoever adds seeds adopts where the mean of all seeds
    is positive; who does not, where ``mean`` is. The gain is what the first has above the other.
    """
    chance = np.random.default_rng(20260101)
    truth = mean + seed_sd * chance.standard_normal(pilots)
    noise = seed_sd * math.sqrt(seeds) * chance.standard_normal((more_seeds, pilots))
    of_all = (seeds * mean + (truth + noise).sum(axis=0)) / (seeds + more_seeds)
    return float(np.mean(truth * (of_all > 0)) - (mean > 0) * np.mean(truth))


@pytest.mark.parametrize(("mean", "seeds"), CASES)
def test_evsi_is_within_a_tenth_of_a_simulation_of_every_seed(mean, seeds):
    done, more = seeds
    found = evsi(mean=mean, seed_sd=2000.0, seeds=done, more_seeds=more)
    simulated = gain_of_more_seeds(mean=mean, seed_sd=2000.0, seeds=done, more_seeds=more)
    assert found == pytest.approx(simulated, rel=0.1)
