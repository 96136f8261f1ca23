import pytest

from planner.projections.worked_case import PublishedTraining, worked_case
from planner.refusal import Refusal

SAMPLES = 1_000_000


def a_training(devices: int, hours: float, *, epochs: int = 10) -> PublishedTraining:
    return PublishedTraining(
        device_count=devices, batch_size=1024, epochs=epochs, training_h=hours, source="somebody"
    )


def the_case(*trainings: PublishedTraining):
    return worked_case(
        "a_case",
        trainings,
        workload="w",
        device="d",
        training_samples=SAMPLES,
        fitted_device_counts=(trainings[0].device_count, trainings[1].device_count),
    )


def test_a_row_is_told_against_the_fewest_devices():
    _, second, third = the_case(
        a_training(4, 1.0), a_training(8, 0.6), a_training(16, 0.4, epochs=15)
    ).rows
    assert second.speed_up_ratio == pytest.approx(1 / 0.6)
    assert second.device_hours_ratio == pytest.approx(8 * 0.6 / 4)
    assert third.epochs_ratio == 1.5
    assert third.efficiency_loss_ratio == pytest.approx(16 * 0.4 / 4 / 1.5)


def test_an_hour_must_be_worth_the_device_hours_that_saving_it_costs():
    first, second, _ = the_case(a_training(4, 1.0), a_training(8, 0.6), a_training(16, 0.4)).rows
    assert first.break_even_ratio is None
    assert second.break_even_ratio == pytest.approx((8 * 0.6 - 4 * 1.0) / (1.0 - 0.6))


def test_more_devices_that_save_nothing_never_pay():
    rows = the_case(a_training(4, 1.0), a_training(8, 0.6), a_training(16, 0.7)).rows
    assert rows[2].break_even_ratio is None


def test_the_model_goes_through_its_two_rows_and_naive_keeps_the_throughput():
    *fitted, third = the_case(a_training(4, 1.0), a_training(8, 0.6), a_training(16, 0.5)).rows
    assert [row.projection_error_fraction for row in fitted] == pytest.approx([0, 0])
    # From 256 to 128 samples per device 0.4 h go, so from 128 to 64 another 0.2 h.
    assert third.projected_h == pytest.approx(0.4)
    assert third.naive_error_fraction == pytest.approx(4 * 1.0 / 16 / 0.5 - 1)


@pytest.mark.parametrize(
    "trainings", [[a_training(4, 1.0)], [a_training(8, 0.6), a_training(4, 1.0)]]
)
def test_rows_must_rise(trainings):
    with pytest.raises(Refusal) as refusal:
        worked_case(
            "a_case",
            trainings,
            workload="w",
            device="d",
            training_samples=SAMPLES,
            fitted_device_counts=(4, 8),
        )
    assert refusal.value.field == "trainings"
