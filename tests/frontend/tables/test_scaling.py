"""Several devices as a table and as a file."""

import pytest

from frontend.tables.scaling import CSV_COLUMNS, csv_rows, scaling_table
from planner.projections.scaling_facts import scaling_facts
from tests.planner.devices.scaled import a_scaling
from tests.planner.projections.test_measured_scaling import STATE
from wording.catalogue import LANGUAGES

FACTS = scaling_facts(STATE, a_scaling())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_batch_on_every_number_of_devices_has_a_row(language):
    table = scaling_table(FACTS, language)
    assert table.count("<tr>") == 1 + 5
    assert table.count(">–<") == 2 * 3  # one device is projected from nothing


def test_a_row_says_how_much_is_communication_and_how_far_the_projection_is_off():
    row = scaling_table(FACTS, "en").split("<tr>")[-1]
    # 5 ms on two devices for 400 samples, 2 of them communication; projected 3 + 2.
    for cell in ("5.00 ms", "40%", "50%", "60%", "1.00×"):
        assert f">{cell}<" in row


def test_as_a_file_every_number_has_its_full_precision():
    rows = [dict(zip(CSV_COLUMNS, row, strict=True)) for row in csv_rows(FACTS)]
    assert [row["device_count"] for row in rows] == [1, 1, 1, 2, 2]
    assert rows[-1]["strong_efficiency_fraction"] == 0.5
    assert rows[-1]["projected_step_time_s"] == pytest.approx(0.005)
    assert rows[0]["projected_step_time_s"] is None
