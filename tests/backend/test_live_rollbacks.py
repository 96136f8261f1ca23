"""What the live page is told of runs that went back after a divergence."""

import pytest

from tests.support.diverging import HALF, TO_TODAY, claimed, watched, went_back
from tests.support.installation import Api


def test_the_live_page_is_told_of_the_alarm_its_cost_and_what_was_superseded(api: Api) -> None:
    """22 steps of 64 samples take 22 x (1 ms + 64 / 100,000 s) and, an epoch, one evaluation."""
    claim, worker = claimed(api, "roll_back")
    run = claim.runs[0]
    went_back(worker, run, HALF, to_step=80)
    view, live = watched(api, run.run_id)
    (told,) = live.rollbacks
    assert told.rollback == HALF
    assert told.repeated_s == pytest.approx(22 * 1.64e-3 + 2 * 0.01, abs=0.01)
    assert told.repeated is None
    assert live.loss.steps[-1] == 80
    assert (live.superseded_loss.steps[0], live.superseded_loss.steps[-1]) == (69, 90)
    (event,) = [event for event in view.events if event.kind == "run_rolled_back"]
    assert event.params["at_step"] == 90
    assert event.params["step"] == 68
    assert event.params["rate_factor"] == 0.5
    assert [one.kind for one in view.events if one.params.get("attempt") == 2] == [event.kind]


def test_the_live_page_follows_a_run_that_fell_back_through_the_baseline_s_stages(
    api: Api,
) -> None:
    claim, worker = claimed(api, "fall_back")
    run = claim.runs[0]
    went_back(worker, run, TO_TODAY, to_step=120)
    view, live = watched(api, run.run_id)
    assert live.progress_fraction == 120 / 136
    assert live.batch_size == 32
    assert [told.rollback for told in live.rollbacks] == [TO_TODAY]
    (event,) = [event for event in view.events if event.kind == "run_fell_back"]
    assert event.params["follows"] == "today"
