from dataclasses import replace

import pytest

from planner.plans.schedule_warnings import schedule_warnings
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.schedule import plan_steps
from tests.planner.plans.warned_pilots import CONSTANT, CURVE, a_pilot, schedule


def of_schedule(pilot, name, curve=CURVE, samples=1024):
    tables = {
        one.name: plan_steps(one, training_samples=samples, epochs=pilot.budget.epochs)
        for one in pilot.schedules
    }
    return schedule_warnings(pilot, tables, name, curve)


def codes(warnings):
    return [warning.code for warning in warnings]


def of_candidate(rate=CONSTANT, batch=64, **how):
    return of_schedule(a_pilot(schedule("new", rate, batch)), "new", **how)


def test_a_sound_schedule_is_left_alone():
    assert of_candidate(batch=128) == ()


def test_a_small_first_batch_says_how_much_slower_each_sample_is():
    warning, work = of_candidate(LearningRate(initial=0.02), 8)
    assert work.code == "unequal_work"
    assert (warning.code, warning.field) == (
        "first_batch_below_saturation",
        "schedules[1].batch_size",
    )
    assert warning.params == {
        "batch_size": 8,
        "saturation_batch_size": 64,
        "factor": pytest.approx((0.008 / 8) / (0.016 / 64)),
    }


def test_a_candidate_that_begins_at_todays_batch_is_not_blamed_for_it():
    """The word is with today's schedule; a growing batch is the way out of it."""
    rate = LearningRate(initial=0.05)
    growing = schedule("new", rate, BatchSize(initial=32, growth=2, every_epochs=4))
    pilot = a_pilot(growing, today=schedule("today", rate, 32, role="baseline"))
    assert codes(of_schedule(pilot, "today")) == ["first_batch_below_saturation"]
    assert "first_batch_below_saturation" not in codes(of_schedule(pilot, "new"))


def test_nothing_is_said_of_a_speed_that_nobody_measured():
    assert of_candidate(LearningRate(initial=0.05), 32, curve=None) == ()


def test_a_batch_above_the_data_and_one_above_the_probe_are_both_told():
    found = of_candidate(batch=BatchSize(initial=64, growth=32, every_epochs=11))
    assert "batch_beyond_probe" in codes(found)
    above = next(warning for warning in found if warning.code == "batch_above_data")
    assert above.params == {"training_samples": 1024}


@pytest.mark.parametrize(
    ("maximum", "told"),
    [(0.1 * 2**1.0, False), (0.1 * 2**1.1, True), (0.1 * 4, True)],
)
def test_a_rate_may_grow_with_the_root_of_the_batch_and_no_faster(maximum, told):
    """Batch 32, 64, 128 over three parts: the batch grows 4 times, its root 2 times."""
    rate = LearningRate(initial=0.1, growth=RateGrowth(maximum=maximum, every_epochs=4))
    batch = BatchSize(initial=32, growth=2, every_epochs=4)
    found = of_candidate(rate, batch)
    assert ("rate_grows_faster_than_sqrt_batch" in codes(found)) == told


def test_a_warm_up_is_no_growth_of_the_rate():
    warm_up = RateWarmUp(maximum=0.1, epochs=3)
    assert "rate_grows_faster_than_sqrt_batch" not in codes(
        of_candidate(LearningRate(initial=0.01, warm_up=warm_up))
    )


def test_three_times_the_summed_rate_is_not_the_same_work():
    (warning,) = of_candidate(LearningRate(initial=0.3), 64)
    assert warning.field == "schedules[1]"
    assert warning.params == {
        "baseline": "today",
        "steps_factor": 1.0,
        "samples_factor": 1.0,
        "rate_factor": pytest.approx(3.0),
    }
    assert codes(of_candidate(LearningRate(initial=0.19))) == []


@pytest.mark.parametrize(
    ("batch", "epochs", "factors"),
    [
        (8, None, (64 / 8, 1.0, 1.0)),
        (64, 36, (36 / 12, 36 / 12, 1.0)),
        (64, 4, (4 / 12, 4 / 12, 1.0)),
    ],
)
def test_more_steps_or_other_samples_are_not_the_same_work_even_at_one_summed_rate(
    batch, epochs, factors
):
    """12 epochs of 16 steps of 64; the rate makes up for the number of steps."""
    rate = LearningRate(initial=0.1 / factors[0])
    other = replace(schedule("new", rate, batch), epochs=epochs)
    warnings = of_schedule(a_pilot(other), "new", curve=None)
    (warning,) = [one for one in warnings if one.code == "unequal_work"]
    found = [warning.params[f"{name}_factor"] for name in ("steps", "samples", "rate")]
    assert found == pytest.approx(factors)


def test_fewer_steps_in_as_many_samples_are_what_is_hoped_for():
    half = LearningRate(initial=0.1, decay="linear")
    assert "unequal_work" not in codes(of_candidate(half, 64))
    assert "unequal_work" not in codes(of_candidate(LearningRate(initial=0.8), 512, curve=None))


def test_stages_and_steps_down_after_the_end_are_counted():
    batch = BatchSize(thresholds="0:64 192ba:128 12288sp:256 11ep:512 12ep:1024")
    rate = LearningRate(initial=0.1, decay="step", milestones_epochs=(6, 12, 13))
    found = {one.code: one for one in of_candidate(rate, batch, curve=None)}
    # 12 epochs of 1024 samples are 12,288; the steps are fewer than the 12 x 16 of batch 64.
    assert found["stages_never_reached"].params == {"stages": 3}
    assert found["stages_never_reached"].field == "schedules[1].batch_size"
    assert found["milestones_never_reached"].params == {"milestones": 2}


def test_a_warm_up_delays_the_steps_down_that_follow_it():
    warm_up = RateWarmUp(maximum=0.1, epochs=4)
    rate = LearningRate(initial=0.05, warm_up=warm_up, decay="step", milestones_epochs=(7, 8))
    found = {one.code: one.params for one in of_candidate(rate)}
    assert found["milestones_never_reached"] == {"milestones": 1}


@pytest.mark.parametrize(
    ("stated", "used", "factor"),
    [
        ("normalised", "heavy_ball", 1 / (1 - 0.9)),
        ("heavy_ball", "normalised", 1 - 0.9),
        ("nesterov", "heavy_ball", None),
        ("normalised", "normalised", None),
        (None, "normalised", None),
    ],
)
def test_rates_of_another_form_of_momentum_say_how_much_stronger_they_act(stated, used, factor):
    mixed = replace(schedule("new", batch=128), rate_form=stated)
    pilot = a_pilot(mixed, momentum_form=used)
    found = {one.code: one for one in of_schedule(pilot, "new")}
    if factor is None:
        assert "momentum_form_mixed" not in found
    else:
        assert found["momentum_form_mixed"].params == {"factor": pytest.approx(factor)}
        assert found["momentum_form_mixed"].field == "schedules[1].learning_rate"


def test_a_rate_that_only_follows_its_momentum_does_not_grow():
    """Heavy ball: the rate is multiplied by (1 - 0.5) / (1 - 0.9) so that its effect stays."""
    falling = Momentum(value=0.9, shape="linear", final=0.5)
    one = replace(schedule("new", batch=128), momentum=falling)
    assert "rate_grows_faster_than_sqrt_batch" not in codes(of_schedule(a_pilot(one), "new"))
    alone = replace(one, momentum=replace(falling, final=0.95, keep_effective_rate=False))
    assert "rate_grows_faster_than_sqrt_batch" in codes(of_schedule(a_pilot(alone), "new"))


def test_two_schedules_that_do_the_same_are_told_at_the_second():
    pilot = a_pilot(schedule("new", batch=64))
    (warning,) = of_schedule(pilot, "new")
    assert (warning.code, warning.params) == ("schedules_identical", {"other": "today"})
    assert of_schedule(pilot, "today") == ()


@pytest.mark.parametrize(("epochs", "found"), [(2, []), (3, ["stages_identical_until"])])
def test_schedules_that_part_late_cannot_be_told_apart_before(epochs, found):
    """12 epochs: the first quarter is 3."""
    warnings = of_candidate(batch=BatchSize(initial=64, growth=2, every_epochs=epochs, maximum=128))
    assert codes(warnings) == found
    assert [warning.params["epoch"] for warning in warnings] == [epochs] * len(found)


def test_a_likeness_is_told_of_the_schedule_that_it_lasts_longest_with():
    pilot = a_pilot(
        schedule("early", batch=BatchSize(initial=64, growth=2, every_epochs=4, maximum=128)),
        schedule("late", batch=BatchSize(initial=64, growth=2, every_epochs=8, maximum=128)),
    )
    (warning,) = of_schedule(pilot, "late")
    assert warning.params == {"other": "today", "epoch": 8}
