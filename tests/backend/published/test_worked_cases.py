"""The published case that anyone can open: MLPerf's ResNet-50 on 8 to 3,584 H100."""

from collections.abc import Callable
from statistics import median

import pytest

from backend.wire.codec import decode
from planner.projections.worked_case import WorkedCase, WorkedRow
from tests.support.installation import Api


@pytest.fixture
def mlperf(api: Api) -> dict[int, WorkedRow]:
    (case,) = decode(tuple[WorkedCase, ...], api.get("/api/worked-cases").json())
    assert (case.key, case.workload, case.device) == ("mlperf", "ResNet-50", "H100 SXM")
    return {row.training.device_count: row for row in case.rows}


def test_eight_times_the_devices_are_five_times_faster_at_half_as_much_again(
    mlperf: dict[int, WorkedRow],
) -> None:
    assert round(mlperf[64].speed_up_ratio, 1) == 5.1
    assert round(mlperf[64].device_hours_ratio, 2) == 1.57


def test_448_times_the_devices_are_74_times_faster_at_six_times_the_price(
    mlperf: dict[int, WorkedRow],
) -> None:
    row = mlperf[3584]
    assert round(row.speed_up_ratio) == 74
    assert round(row.device_hours_ratio, 1) == 6.0
    assert round(row.epochs_ratio, 1) == 2.2
    assert round(row.efficiency_loss_ratio, 1) == 2.7
    assert row.epochs_ratio * row.efficiency_loss_ratio == pytest.approx(row.device_hours_ratio)


@pytest.mark.parametrize(
    ("devices", "worth", "rounded"),
    [
        (16, 2.81, lambda value: round(value, 2)),
        (64, 8.83, lambda value: round(value, 2)),
        (512, 39.1, lambda value: round(value, 1)),
        (768, 220, round),
        (3584, 2003, round),
    ],
)
def test_each_step_to_more_devices_pays_above_its_own_worth_of_an_hour(
    mlperf: dict[int, WorkedRow],
    devices: int,
    worth: float,
    rounded: Callable[[float], float],
) -> None:
    found = mlperf[devices].break_even_ratio
    assert found is not None
    assert rounded(found) == worth


def test_the_rows_of_8_and_64_devices_project_the_others_within_a_tenth(
    mlperf: dict[int, WorkedRow],
) -> None:
    others = [row for row in mlperf.values() if not row.fitted]
    assert [row.training.device_count for row in others] == [16, 512, 768, 3584]
    ours = median(abs(row.projection_error_fraction) for row in others)
    naive = median(abs(row.naive_error_fraction) for row in others)
    assert ours <= 0.10
    assert ours <= naive / 3


def test_every_row_names_its_source(mlperf: dict[int, WorkedRow]) -> None:
    assert all("MLPerf Training v3.0" in row.training.source for row in mlperf.values())
