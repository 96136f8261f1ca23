import pytest

from worker.training.clock import Clock


def test_a_clock_that_has_not_begun_shows_nothing() -> None:
    assert Clock().seconds(now=1000.0) == 0.0


def test_a_run_alone_counts_every_second_until_it_stops() -> None:
    clock = Clock()
    clock.count(1.0, now=1000.0)
    assert clock.seconds(now=1012.5) == 12.5
    clock.count(0.0, now=1020.0)
    assert clock.seconds(now=1099.0) == 20.0


def test_the_shares_of_a_bundle_add_up_to_its_time_whoever_leaves() -> None:
    first, second, third = clocks = [Clock() for _ in range(3)]
    for clock in clocks:
        clock.count(1 / 3, now=100.0)
    second.count(0.0, now=130.0)
    for clock in (first, third):
        clock.count(1 / 2, now=130.0)
    first.count(0.0, now=150.0)
    third.count(1.0, now=150.0)
    assert second.seconds(now=160.0) == pytest.approx(30 / 3)
    assert first.seconds(now=160.0) == pytest.approx(30 / 3 + 20 / 2)
    assert third.seconds(now=160.0) == pytest.approx(30 / 3 + 20 / 2 + 10)
    assert sum(clock.seconds(now=160.0) for clock in clocks) == pytest.approx(60.0)
