import pytest

from planner.exchange.series import MOST_COLUMNS
from planner.measurements.meter_summary import MeterShare, decrease, meter_summary
from planner.pilots.meters import COLUMNS, METERS, ratio_tone, spent_s
from planner.schedules.schedule import Stage


def stage(first_step, batch_size):
    return Stage(first_step=first_step, steps=10, batch_size=batch_size, samples=100, first_epoch=0)


STAGES = (stage(0, 8), stage(10, 16), stage(20, 32))


def summary(steps, columns, wall_clock_s=100.0):
    return meter_summary(steps, columns, stages=STAGES, wall_clock_s=wall_clock_s)


def test_all_columns_fit_one_group_of_series():
    assert len(COLUMNS) == len(set(COLUMNS)) <= MOST_COLUMNS


@pytest.mark.parametrize(
    ("ratio", "tone"),
    [(0.2, "good"), (0.79, "good"), (0.8, "caution"), (1.0, "caution"), (1.2, "caution"),
     (1.21, "bad"), (-0.1, "good")],
)  # fmt: skip
def test_green_ends_at_four_fifths_and_red_begins_above_six_fifths(ratio, tone):
    assert ratio_tone(ratio) == tone


def test_a_run_without_readings_has_no_summary():
    assert summary((), {}) is None


def test_the_newest_value_that_was_measured_is_shown():
    found = summary((0, 5, 9), {"curvature_ratio": (0.1, 0.4, None), "energy_j": (None,) * 3})
    assert found.curvature_ratio == 0.4
    assert found.energy_j is None
    assert found.power_w is None


def test_a_reading_where_a_stage_starts_belongs_to_that_stage():
    found = summary(
        (0, 5, 10, 15),
        {"gradient_noise": (10.0, 30.0, 70.0, None), "gradient_square": (1.0, 1.0, 1.0, None)},
    )
    first, second = found.stages
    assert (first.stage, first.batch_size, first.noise.readings) == (1, 8, 2)
    assert first.noise.samples == pytest.approx((10 + 30) / (1 + 1))
    assert (second.stage, second.batch_size, second.noise.samples) == (2, 16, 70.0)


def test_a_stage_whose_noise_nobody_read_is_not_measured():
    found = summary((0, 12), {"gradient_noise": (1.0, None), "gradient_square": (1.0, None)})
    assert [one.noise is None for one in found.stages] == [False, True]


def test_every_meter_states_its_share_of_the_attempt():
    found = summary((0,), {"curvature_cost_s": (2.0,), "device_cost_s": (0.0,)})
    assert found.shares == (
        MeterShare(meter="curvature", spent_s=2.0, attempt_fraction=2 / 100),
        MeterShare(meter="device", spent_s=0.0, attempt_fraction=0.0),
    )
    assert summary((0,), {"device_cost_s": (1.0,)}, None).shares[0].attempt_fraction is None


@pytest.mark.parametrize(
    ("energies", "jumps", "expected"),
    [
        ((2.0, 1.9), (0.0, 0.0), "consistent"),
        ((2.0, 2.1), (0.0, 0.0), "violated"),
        ((2.0, 2.1), (0.2, 0.0), "consistent"),
        ((2.0, 1.9), (-0.2, 0.0), "violated"),
        ((2.0, None, 1.5), (0.0, None, 0.0), "consistent"),
        ((2.0,), (0.0,), None),
    ],
)
def test_energy_is_compared_with_the_one_before_and_its_jump(energies, jumps, expected):
    assert decrease(energies, jumps) == expected


def test_what_meters_took_is_summed_over_them():
    last = {f"{name}_cost_s": (0.1, 0.2) for name in METERS}
    assert spent_s({**last, "curvature": (1.0, 1.0)}) == pytest.approx(4 * 0.2)
    assert spent_s({"curvature_cost_s": (None,)}) == 0
