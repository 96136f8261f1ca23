"""How many seats are opened: as many as runs wait for, and no more than there may be."""

import pytest

from planner.exchange.waiting import WaitingRuns
from worker.executors.ray.demand import fits, numbers_to_open, takeable, without
from worker.executors.ray.view import Offer, Phase, SeatView

OFFER = Offer(workloads=("digits-mlp",), device="H100", store_url="file:///store")


def group(
    *,
    runs: int,
    workload: str = "digits-mlp",
    device: str | None = None,
    store_url: str | None = None,
    device_count: int = 1,
) -> WaitingRuns:
    return WaitingRuns(
        workload=workload,
        device=device,
        store_url=store_url,
        device_count=device_count,
        runs=runs,
    )


def seats(*phases: Phase) -> tuple[SeatView, ...]:
    return tuple(
        SeatView(name=f"ray-{number}", phase=phase, offer=OFFER if phase == "working" else None)
        for number, phase in enumerate(phases, start=1)
    )


def opened(*phases: Phase, waited: int, waits: int, most: int) -> list[int]:
    return numbers_to_open(
        waited=waited,
        waits=waits,
        seats=seats(*phases),
        worked=[seat.name for seat in seats(*phases)],
        taken=range(1, len(phases) + 1),
        most=most,
    )


def test_until_a_seat_says_what_it_offers_every_run_may_be_for_it():
    assert takeable([group(runs=3, workload="unknown"), group(runs=2, device="A100")], None) == 5


def test_runs_of_other_workloads_devices_and_stores_or_of_more_devices_wait_for_somebody_else():
    waiting = [
        group(runs=1),
        group(runs=2, device="H100", store_url="file:///store"),
        group(runs=10, workload="other"),
        group(runs=20, device="A100"),
        group(runs=40, store_url="s3://elsewhere"),
        group(runs=80, device_count=2),
    ]
    assert takeable(waiting, OFFER) == 1 + 2


def test_only_what_waits_at_two_looks_opens_a_seat():
    assert opened(waited=0, waits=4, most=8) == []
    assert opened(waited=4, waits=1, most=8) == [1]
    assert opened(waited=4, waits=4, most=8) == [1, 2, 3, 4]


def test_there_are_never_more_seats_than_there_may_be():
    assert opened("working", "silent", waited=9, waits=9, most=3) == [3]
    assert opened("working", "silent", waited=9, waits=9, most=2) == []
    assert opened("working", "silent", waited=9, waits=9, most=1) == []


@pytest.mark.parametrize("phase", ["empty", "starting"])
def test_a_seat_whose_worker_is_not_there_yet_will_take_one_of_the_runs(phase: Phase):
    assert opened(phase, "working", waited=2, waits=2, most=8) == [3]


def test_a_seat_whose_worker_came_since_the_last_look_may_not_have_asked_yet():
    here = seats("working", "working")
    found = numbers_to_open(waited=2, waits=2, seats=here, worked=["ray-1"], taken=[1, 2], most=8)
    assert found == [3]


def test_a_new_seat_has_the_first_number_that_is_free():
    found = numbers_to_open(
        waited=2, waits=2, seats=seats("working"), worked=["ray-1"], taken=[2], most=8
    )
    assert found == [1, 3]


def test_a_seat_fits_where_all_that_it_takes_is_free():
    takes = {"CPU": 1.0, "GPU": 1.0}
    assert fits(takes, {"CPU": 4.0, "GPU": 1.0, "memory": 1e9})
    assert not fits(takes, {"CPU": 4.0})
    assert not fits(takes, without({"CPU": 4.0, "GPU": 1.0}, takes))
    assert without({"CPU": 4.0, "GPU": 2.0, "memory": 1e9}, takes) == {
        "CPU": 4.0 - 1.0,
        "GPU": 2.0 - 1.0,
        "memory": 1e9,
    }
