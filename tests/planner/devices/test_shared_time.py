"""Time on a device that several runs hold together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.devices.shared_time import SharedTime


def test_a_run_alone_is_billed_for_all_the_time_that_it_holds_the_device() -> None:
    device = SharedTime()
    device.join("alone", now_s=1000)
    assert device.part_s("alone", now_s=1060) == 60
    assert device.leave("alone", now_s=1090) == 90
    assert not device


def test_ten_runs_that_are_together_for_a_minute_are_billed_six_seconds_each() -> None:
    device = SharedTime()
    for run in range(10):
        device.join(str(run), now_s=1000)
    assert [device.part_s(str(run), now_s=1060) for run in range(10)] == pytest.approx(
        [60 / 10] * 10
    )


def test_after_one_has_left_the_others_share_what_comes() -> None:
    device = SharedTime()
    for run in ("a", "b", "c"):
        device.join(run, now_s=0)
    assert device.leave("a", now_s=30) == pytest.approx(30 / 3)
    assert device.part_s("b", now_s=50) == pytest.approx(30 / 3 + 20 / 2)
    assert device.part_s("a", now_s=50) == 0


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.booleans(), st.floats(0, 1e4)),
        min_size=1,
        max_size=30,
    )
)
def test_the_parts_of_all_add_up_to_the_time_that_anybody_held_the_device(
    changes: list[tuple[str, bool, float]],
) -> None:
    device, holders = SharedTime(), set()
    now_s = held_s = billed_s = 0.0
    for member, joins, pause_s in changes:
        if joins and member not in holders:
            device.join(member, now_s=now_s)
            holders.add(member)
        elif not joins:
            billed_s += device.leave(member, now_s=now_s)
            holders.discard(member)
        held_s += pause_s if holders else 0.0
        now_s += pause_s
    billed_s += sum(device.leave(member, now_s=now_s) for member in "abcd")
    assert billed_s == pytest.approx(held_s)
