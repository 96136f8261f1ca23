from math import log

import pytest

from planner.measurements.early_warning import EarlyWarning, curvature_warning, loss_warning
from planner.measurements.stability import AVERAGE_KEPT, WARM_UP_STEPS, LossWatch
from planner.schedules.schedule import Stage

GUESSING = log(10)

STAGES = tuple(
    Stage(first_step=first, steps=10, batch_size=8, samples=80, first_epoch=0)
    for first in (0, 10, 20)
)


def warned(*levels):
    """Of looks at the average that stand at these shares of the way from 0.2 to 1.2."""
    steps = range(100, 100 + len(levels))
    averages = [None if level is None else 0.2 + level for level in levels]
    return loss_warning(
        steps,
        averages=averages,
        bests=[0.2] * len(levels),
        limits=[1.2] * len(levels),
    )


def test_half_the_way_to_the_limit_warns_and_less_does_not():
    assert warned(0.49) is None
    assert warned(0.51) == EarlyWarning(
        sign="loss_average",
        step=100,
        since_step=100,
        limit_ratio=pytest.approx(0.51),
        stage=None,
        tone="caution",
    )


def test_a_warning_says_since_when_without_a_break():
    found = warned(0.6, 0.2, 0.55, 0.7)
    assert (found.since_step, found.step) == (102, 103)
    assert found.limit_ratio == pytest.approx(0.7)


def test_an_average_that_came_down_again_warns_no_more():
    assert warned(0.9, 0.3) is None


def test_beyond_the_limit_the_detector_has_acted():
    assert warned(0.9, 1.01).tone == "bad"


def test_nothing_is_said_of_the_first_steps_or_of_what_is_not_known():
    early = {"averages": [1.0], "bests": [0.2], "limits": [1.2]}
    assert loss_warning([WARM_UP_STEPS], **early) is None
    assert loss_warning([WARM_UP_STEPS + 1], **early) is not None
    assert warned() is None
    assert warned(0.9, None) is None


def test_a_run_whose_loss_climbs_is_warned_of_before_it_has_diverged():
    """From an average of 0.2 the loss jumps to that of guessing.

    The way to the limit is 0.3 (ln 10 - 0.2) + 0.05 = 0.68. Half of it is gone after
    ln(1 - 0.34 / 2.1) / ln 0.98 = 9 steps, all of it after ln(1 - 0.68 / 2.1) / ln 0.98 = 20.
    """
    watch = LossWatch(guessing_loss=GUESSING).after([0.2] * 100)
    looks = []
    first = None
    while watch.diverged_at is None:
        watch = watch.after([GUESSING])
        looks.append((watch.steps, watch.average, watch.best, watch.limit))
        steps, averages, bests, limits = zip(*looks, strict=True)
        found = loss_warning(steps, averages=averages, bests=bests, limits=limits)
        first = first or found
    way = 0.3 * (GUESSING - 0.2) + 0.05
    assert watch.limit == pytest.approx(0.2 + way)
    half = next(n for n in range(100) if (1 - AVERAGE_KEPT**n) * (GUESSING - 0.2) >= way / 2)
    whole = next(n for n in range(100) if (1 - AVERAGE_KEPT**n) * (GUESSING - 0.2) > way)
    assert first.step == 100 + half
    assert watch.diverged_at == 100 + whole
    assert (half, whole) == (9, 20)
    assert found.tone == "bad"


def test_a_watch_that_has_seen_nothing_has_no_limit():
    assert LossWatch(guessing_loss=GUESSING).limit is None


@pytest.mark.parametrize(
    ("ratio", "tone"), [(0.9, None), (0.91, "caution"), (1.2, "caution"), (1.21, "bad")]
)
def test_a_stage_that_begins_above_nine_tenths_of_the_curvature_s_limit_warns(ratio, tone):
    found = curvature_warning([0, 10], [0.2, ratio], stages=STAGES)
    assert (found and found.tone) == tone
    if found is not None:
        assert (found.sign, found.stage, found.step) == ("curvature", 2, 10)
        assert found.limit_ratio == ratio


def test_only_the_reading_before_the_present_stage_counts():
    assert curvature_warning([0, 10, 15], [0.2, 0.3, 1.5], stages=STAGES) is None
    assert curvature_warning([0, 10, 20], [0.2, 1.5, 0.3], stages=STAGES) is None
    assert curvature_warning([0, 15], [0.2, 1.5], stages=STAGES) is None
    assert curvature_warning([0, 10], [0.2, None], stages=STAGES) is None


def test_a_run_that_is_not_laid_out_or_not_read_is_not_warned_of():
    assert curvature_warning([0], [1.5], stages=()) is None
    assert curvature_warning([], [], stages=STAGES) is None
