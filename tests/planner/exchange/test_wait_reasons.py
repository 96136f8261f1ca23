"""Why runs wait: the reason names what a worker lacks, and what would help."""

from dataclasses import replace

import pytest

from planner.exchange.wait_reasons import SeenWorker, waiting_queue
from planner.exchange.waiting import WaitingRuns

PAIR = WaitingRuns(
    workload="digits-mlp", device="a GPU", store_url="s3://team", runs=3, device_count=2
)
FIT = SeenWorker(
    name="box",
    workloads=("digits-mlp",),
    device="a GPU",
    store_url="s3://team",
    device_count=2,
    here=True,
)


def reason(*seen):
    found = waiting_queue(PAIR, seen)
    return found.reason, found.worker


@pytest.mark.parametrize(
    ("lacks", "why"),
    [
        ({"workloads": ("another",)}, "no_workload"),
        ({"device": "another GPU"}, "no_device"),
        ({"store_url": "file:///here"}, "no_store"),
        ({"device_count": 1}, "too_few_devices"),
        ({"device_count": 4, "fewest_devices": 4}, "larger_runs_only"),
        ({"may_read": False}, "store_refused"),
    ],
)
def test_what_the_only_worker_lacks_is_the_reason(lacks, why):
    assert reason(replace(FIT, **lacks)) == (why, "")


def test_the_reason_is_what_the_worker_lacks_that_comes_nearest():
    other, small = replace(FIT, device="another GPU", device_count=8), replace(FIT, device_count=1)
    found = waiting_queue(PAIR, [other, small])
    assert (found.reason, found.most_devices) == ("too_few_devices", 1)


def test_the_smallest_runs_that_workers_take_are_told_where_all_of_them_want_larger_ones():
    wide = [replace(FIT, device_count=8, fewest_devices=fewest) for fewest in (8, 4)]
    found = waiting_queue(PAIR, [*wide, replace(FIT, device_count=1)])
    assert (found.reason, found.fewest_devices, found.most_devices) == ("larger_runs_only", 4, 0)


def test_without_any_worker_that_is_the_reason():
    assert reason() == ("no_worker", "")


def test_a_worker_that_is_shut_out_is_named_where_it_alone_had_the_devices():
    shut_out = replace(FIT, here=False, shut_out=True)
    assert reason(replace(FIT, name="small", device_count=1), shut_out) == ("shut_out", "box")
    assert reason(replace(FIT, name="new"), shut_out) == ("next", "")


def test_of_workers_that_went_the_newest_is_named():
    new, old = replace(FIT, name="new", here=False), replace(FIT, name="old", here=False)
    assert reason(new, replace(old, shut_out=True)) == ("gone", "new")


def test_runs_wait_for_their_turn_while_every_worker_that_fits_is_at_work():
    busy = replace(FIT, busy=True)
    found = waiting_queue(PAIR, [busy, replace(FIT, name="small", device_count=1)], other_runs=4)
    assert (found.reason, found.workers, found.busy, found.other_runs) == ("all_busy", 1, 1, 4)
    assert reason(busy, replace(FIT, name="second")) == ("next", "")


def test_a_worker_without_room_is_named_unless_another_is_at_work():
    full = replace(FIT, ready=False)
    assert reason(full) == ("not_ready", "box")
    assert reason(full, replace(FIT, name="second", busy=True)) == ("all_busy", "")


@pytest.mark.parametrize("held_back", ["paused", "at_cap"])
def test_what_keeps_runs_from_any_worker_is_the_reason_whoever_is_there(held_back):
    found = waiting_queue(PAIR, [FIT], held_back=held_back)
    assert (found.reason, found.workers) == (held_back, 1)
