"""How many seats are opened, and how wide: as runs wait for them, and no more than may be."""

import pytest

from planner.exchange.waiting import WaitingRuns
from worker.executors.ray.demand import (
    fits,
    most_devices,
    room_left,
    seats_missing,
    takeable,
)
from worker.executors.ray.settings import RaySettings
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


def missing(*phases: Phase, waited: int, waits: int, worked: int | None = None) -> int:
    """``worked`` seats had their worker at the look before, the first ones; else all."""
    here = seats(*phases)
    return seats_missing(
        waited=waited, waits=waits, seats=here, worked=[seat.name for seat in here[:worked]]
    )


def test_until_a_seat_says_what_it_offers_every_run_may_be_for_it():
    waiting = [group(runs=3, workload="unknown"), group(runs=2, device="A100")]
    assert takeable(waiting, None) == {1: 5}


def test_runs_of_other_workloads_devices_and_stores_wait_for_somebody_else():
    waiting = [
        group(runs=1),
        group(runs=2, device="H100", store_url="file:///store"),
        group(runs=10, workload="other"),
        group(runs=20, device="A100"),
        group(runs=40, store_url="s3://elsewhere"),
    ]
    assert takeable(waiting, OFFER) == {1: 1 + 2}


def test_runs_are_counted_by_the_devices_that_they_want_in_the_order_of_the_queue():
    waiting = [
        group(runs=3, device_count=4),
        group(runs=2),
        group(runs=5, device_count=4, device="H100"),
        group(runs=7, device_count=2),
    ]
    assert list(takeable(waiting, OFFER).items()) == [(4, 3 + 5), (1, 2), (2, 7)]


def test_only_what_waits_at_two_looks_wants_a_seat():
    assert missing(waited=0, waits=4) == 0
    assert missing(waited=4, waits=1) == 1
    assert missing(waited=4, waits=4) == 4


@pytest.mark.parametrize("phase", ["empty", "starting"])
def test_a_seat_whose_worker_is_not_there_yet_will_take_one_of_the_runs(phase: Phase):
    assert missing(phase, "working", waited=2, waits=2) == 1


def test_a_seat_whose_worker_came_since_the_last_look_may_not_have_asked_yet():
    assert missing("working", "working", waited=2, waits=2, worked=1) == 1


def test_a_seat_that_does_not_answer_takes_no_run():
    assert missing("silent", waited=2, waits=2) == 2


@pytest.mark.parametrize(
    ("taken", "most", "numbers"),
    [([], 3, [1, 2, 3]), ([2], 3, [1, 3]), ([7], 3, [1, 2]), ([1, 2], 2, []), ([1, 2], 1, [])],
)
def test_a_new_seat_has_the_first_number_that_is_free_and_there_are_never_too_many(
    taken: list[int], most: int, numbers: list[int]
):
    assert room_left(free={}, taken=taken, most=most).numbers == numbers


def test_a_seat_fits_where_all_that_it_takes_is_free():
    takes = {"CPU": 1.0, "GPU": 1.0}
    assert fits(takes, {"CPU": 4.0, "GPU": 1.0, "memory": 1e9})
    assert not fits(takes, {"CPU": 4.0})
    room = room_left(free={"CPU": 4.0, "GPU": 2.0, "memory": 1e9}, taken=[], most=8)
    assert room.take(takes) == 1
    assert room.free == {"CPU": 4.0 - 1.0, "GPU": 2.0 - 1.0, "memory": 1e9}
    assert room.take(takes) == 2
    assert not room.has(takes)


def test_there_would_be_room_if_others_gave_back_enough_or_a_number():
    pair, single = {"GPU": 2.0}, {"GPU": 1.0}
    room = room_left(free={"GPU": 1.0}, taken=[1], most=8)
    assert room.would_have(pair, given_back=[single])
    assert not room.would_have({"GPU": 3.0}, given_back=[single])
    full = room_left(free={"GPU": 8.0}, taken=[1], most=1)
    assert full.would_have(pair, given_back=[single])
    assert not full.would_have(pair, given_back=[])


def test_a_node_could_have_as_many_devices_as_all_that_they_take_is_there():
    settings = RaySettings(address="auto", seats=8, cpus=2.0, gpus=1, accelerator="H100")
    h100 = {"CPU": 64.0, "GPU": 8.0, "accelerator_type:H100": 1.0}
    assert most_devices(h100, takes=settings.takes) == 8
    assert most_devices(h100 | {"CPU": 5.0}, takes=settings.takes) == 2
    assert most_devices({"CPU": 64.0, "GPU": 8.0}, takes=settings.takes) == 0


def test_a_seat_on_several_nodes_takes_what_its_devices_take_on_all_of_them():
    settings = RaySettings(address="auto", seats=8, cpus=2.0, gpus=1)
    assert settings.takes_in_all((4, 2)) == {"CPU": 12.0, "GPU": 6.0}
    assert settings.takes_in_all((3,)) == settings.takes(3)
