import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.plans.queue_forecast import Expected, Leg, Queued, Serving, forecast


def queued(run_id, left_s, devices=1):
    return Queued(run_id=run_id, legs=(Leg(left_s=left_s, device_count=devices),))


def in_legs(run_id, *legs):
    """A run that wants another number of devices in each leg: pairs of seconds and devices."""
    return Queued(
        run_id=run_id,
        legs=tuple(Leg(left_s=left_s, device_count=devices) for left_s, devices in legs),
    )


def worker(*holds, devices=1, fewest=1):
    return Serving(device_count=devices, fewest_devices=fewest, holds=holds)


def free_s(found):
    return tuple(worker.free_s for worker in found.serving)


def expected(start_s, finish_s):
    return Expected(start_s=start_s, finish_s=finish_s)


def test_a_queue_on_one_worker_is_worked_off_one_after_another():
    found = forecast([worker(queued("a", 5.0))], [queued("b", 10.0), queued("c", 1.0)])
    assert found.runs == {
        "a": expected(0.0, 5.0),
        "b": expected(5.0, 5.0 + 10.0),
        "c": expected(15.0, 15.0 + 1.0),
    }
    assert (found.finish_s, free_s(found)) == (16.0, (16.0,))


def test_each_run_goes_to_the_worker_that_is_free_first():
    found = forecast([worker(queued("a", 5.0)), worker()], [queued("b", 10.0), queued("c", 1.0)])
    assert found.runs["b"] == expected(0.0, 10.0)
    assert found.runs["c"] == expected(5.0, 6.0)
    assert free_s(found) == (6.0, 10.0)


def test_the_runs_of_a_bundle_end_together_and_hold_one_worker():
    found = forecast([worker(queued("a", 2.0), queued("b", 3.0))], [queued("c", 1.0)])
    assert found.runs["a"] == found.runs["b"] == expected(0.0, 2.0 + 3.0)
    assert found.runs["c"] == expected(5.0, 6.0)
    assert free_s(found) == (6.0,)


def test_without_a_worker_nothing_is_expected_of_what_waits():
    found = forecast([], [queued("a", 5.0)])
    assert (found.runs, found.finish_s, found.serving) == ({}, None, ())


def test_after_a_run_of_unknown_length_its_worker_promises_nothing():
    found = forecast([worker(queued("probe", None))], [queued("a", 1.0)])
    assert found.runs == {"probe": expected(0.0, None)}
    assert (found.finish_s, free_s(found)) == (None, (0.0,))


def test_a_waiting_run_of_unknown_length_has_a_start_and_no_end():
    found = forecast([worker()], [queued("probe", None), queued("a", 1.0)])
    assert found.runs == {"probe": expected(0.0, None)}


def test_what_a_worker_is_known_to_do_before_a_run_of_unknown_length_is_not_forgotten():
    found = forecast([worker(queued("a", 10.0))], [queued("probe", None)])
    assert free_s(found) == (10.0,)


def test_a_run_waits_for_a_worker_with_its_devices_while_others_pass_it_on_smaller_ones():
    pair = worker(queued("a", 5.0, devices=2), devices=2)
    found = forecast([pair, worker()], [queued("b", 4.0, devices=2), queued("c", 1.0)])
    assert found.runs["b"] == expected(5.0, 9.0)
    assert found.runs["c"] == expected(0.0, 1.0)
    assert found.serving == (Serving(device_count=2, free_s=9.0), Serving(free_s=1.0))


def test_a_worker_that_leaves_small_runs_to_others_is_expected_to_take_none_of_them():
    wide = worker(devices=4, fewest=2)
    found = forecast([wide], [queued("small", 3.0), queued("pair", 2.0, devices=2)])
    assert found.runs == {"pair": expected(0.0, 2.0)}
    assert free_s(found) == (2.0,)


def test_a_worker_with_many_devices_takes_an_older_small_run_before_a_younger_large_one():
    waiting = [queued("small", 3.0), queued("large", 2.0, devices=4), queued("next", 1.0)]
    found = forecast([worker(devices=4)], waiting)
    assert found.runs == {
        "small": expected(0.0, 3.0),
        "large": expected(3.0, 5.0),
        "next": expected(5.0, 6.0),
    }


def test_nothing_is_expected_of_a_run_that_wants_more_devices_than_any_worker_has():
    found = forecast([worker(devices=2)], [queued("a", 1.0, devices=4), queued("b", 1.0)])
    assert found.runs == {"b": expected(0.0, 1.0)}


def test_a_run_waits_again_with_its_place_where_its_devices_change():
    pair = worker(queued("a", 10.0, devices=2), devices=2)
    changing = in_legs("b", (4.0, 1), (3.0, 2))
    found = forecast([pair, worker()], [changing, queued("c", 1.0, devices=2), queued("d", 2.0)])
    assert found.runs["b"] == expected(0.0, 10.0 + 3.0)
    assert found.runs["c"] == expected(13.0, 14.0)
    assert found.runs["d"] == expected(4.0, 6.0)


def test_a_run_whose_last_devices_nobody_has_is_expected_to_start_and_not_to_end():
    found = forecast([worker()], [in_legs("a", (4.0, 1), (3.0, 2))])
    assert found.runs == {"a": expected(0.0, None)}


def test_what_a_running_run_goes_on_with_comes_before_all_that_wait():
    holds = in_legs("a", (1.0, 1), (5.0, 2))
    found = forecast([worker(holds), worker(devices=2)], [queued("b", 3.0), queued("c", 2.0)])
    assert found.runs["b"] == expected(0.0, 3.0)
    assert found.runs["a"] == expected(0.0, 3.0 + 5.0)
    assert found.runs["c"] == expected(1.0, 3.0)


@pytest.mark.parametrize(
    ("lengths_s", "begins_s", "end_s"),
    [((4.0,), (3.0,), 7.0), ((4.0, 4.0, 1.0), (0.0, 1.0), 5.0)],
)
def test_nobody_begins_before_it_is_free(lengths_s, begins_s, end_s):
    serving = [Serving(free_s=begin_s) for begin_s in begins_s]
    waiting = [queued(str(place), length_s) for place, length_s in enumerate(lengths_s)]
    assert forecast(serving, waiting).finish_s == end_s


@given(
    lengths=st.lists(st.floats(0, 1e6), max_size=20),
    workers=st.integers(1, 5),
)
@settings(max_examples=60)
def test_the_last_end_lies_between_a_fair_share_and_one_worker_alone(lengths, workers):
    waiting = [queued(str(place), length) for place, length in enumerate(lengths)]
    end_s = forecast([worker()] * workers, waiting).finish_s or 0.0
    assert end_s >= max([sum(lengths) / workers, *lengths]) * (1 - 1e-12)
    assert end_s <= sum(lengths) * (1 + 1e-12)


@given(
    runs=st.lists(st.tuples(st.integers(1, 60), st.sampled_from([1, 2, 4])), max_size=20),
    workers=st.lists(st.sampled_from([1, 2, 4]), min_size=1, max_size=4),
)
@settings(max_examples=100)
def test_a_run_is_passed_only_by_younger_ones_that_its_workers_could_not_be_kept_from(
    runs, workers
):
    waiting = [
        queued(str(place), float(left_s), devices) for place, (left_s, devices) in enumerate(runs)
    ]
    found = forecast([worker(devices=devices) for devices in workers], waiting)
    served = [place for place, (_, devices) in enumerate(runs) if devices <= max(workers)]
    assert sorted(map(int, found.runs)) == served
    for older in served:
        for younger in served:
            passes = found.runs[str(younger)].start_s < found.runs[str(older)].start_s
            if younger > older and passes:
                assert runs[younger][1] < runs[older][1]
