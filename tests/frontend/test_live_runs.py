from datetime import timedelta

import pytest

from frontend.live_runs import (
    allowed_orders,
    by_interest,
    is_moving,
    next_in_line,
    watched,
    why_unknown,
)
from planner.pilots.run import RunStatus
from tests.frontend.live_views import NOW, a_run, a_view
from tests.support.installation import a_pilot

PILOT = a_pilot()


@pytest.mark.parametrize("status", ["queued", "running"])
def test_a_pilot_with_something_to_run_is_looked_at_again(status):
    assert is_moving(a_view(PILOT, a_run("a", "succeeded"), a_run("b", status)))


@pytest.mark.parametrize("status", ["paused", "failed", "succeeded", "cancelled"])
def test_nobody_looks_again_where_only_people_can_change_something(status):
    assert not is_moving(a_view(PILOT, a_run("a", status)))


@pytest.mark.parametrize(
    "still", [{"phase": "done"}, {"phase": "cancelled"}, {"cap_reached": True}]
)
def test_a_queue_that_nobody_may_take_from_does_not_move(still):
    assert not is_moving(a_view(PILOT, a_run("a", "queued"), **still))
    assert is_moving(a_view(PILOT, a_run("a", "running"), **still))


def test_what_runs_comes_first_then_what_waits_for_people_then_the_queue_then_the_past():
    runs = [
        a_run("early", "succeeded", ended_at=NOW),
        a_run("late", "diverged", ended_at=NOW + timedelta(seconds=9)),
        a_run("second", "queued", queue_position=2),
        a_run("first", "queued", queue_position=1),
        a_run("paused", "paused"),
        a_run("failed", "failed"),
        a_run("running", "running"),
    ]
    names = [live.run.id for live in by_interest(runs)]
    assert names == ["running", "failed", "paused", "first", "second", "late", "early"]


@pytest.mark.parametrize(
    ("status", "orders"),
    [
        ("queued", ("pause", "cancel")),
        ("running", ("pause", "cancel")),
        ("paused", ("resume", "cancel")),
        ("failed", ("retry", "cancel")),
        ("diverged", ("retry",)),
        ("succeeded", ()),
        ("cancelled", ()),
    ],
)
def test_only_what_a_state_allows_is_offered(status: RunStatus, orders):
    assert allowed_orders(status) == orders


def test_the_next_in_line_is_above_everything_that_waits():
    runs = [a_run("a", priority=3), a_run("b", priority=-1), a_run("c", "running", priority=9)]
    assert next_in_line(runs) == 3 + 1
    assert next_in_line([]) == 1


def test_the_page_follows_what_runs_until_somebody_chooses():
    runs = [a_run("old", "succeeded", ended_at=NOW), a_run("now", "running")]
    assert watched(runs, "").run.id == "now"
    assert watched(runs, "old").run.id == "old"
    assert watched(runs, "of another pilot").run.id == "now"
    assert watched([], "") is None


def test_the_end_of_a_pilot_at_a_cap_waits_for_its_raise():
    assert why_unknown(a_view(PILOT, a_run("a"), cap_reached=True)) == "finish_at_cap"
    assert why_unknown(a_view(PILOT, a_run("a"))) == "finish_unknown"
    assert why_unknown(a_view(PILOT, a_run("a", "paused"))) == "finish_waits"
