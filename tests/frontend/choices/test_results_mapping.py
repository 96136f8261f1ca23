"""What was typed about a file of trainings: nothing is put in the place of what nobody said."""

import pytest

from frontend.choices.results_mapping import MUST, of_log, of_table
from planner.imports.mapping import ColumnMapping
from planner.refusal import Refusal

TYPED = {
    "schedule": "recipe",
    "started": "at",
    "started_form": "iso8601",
    "time_zone": "",
    "duration": "hours",
    "duration_unit": "hours",
    "reached": "ok",
    "devices": None,
    "device_count": 8,
    "cost": "paid",
    "currency": "JPY",
    "id": None,
}


def test_a_whole_form_is_a_mapping():
    mapping = of_table(TYPED, {"recipe 7": "candidate"}, "leave_out")
    table = mapping.trainings
    assert table is not None
    assert (table.started.time_zone, table.duration.unit, table.device_count) == (None, "hours", 8)
    assert table.cost is not None
    assert (table.cost.currency, mapping.earlier) == ("JPY", "leave_out")
    assert mapping.schedules == {"recipe 7": "candidate"}


@pytest.mark.parametrize("field", [*MUST, "device_count", "currency"])
def test_what_was_not_said_is_asked_at_its_field(field):
    with pytest.raises(Refusal) as caught:
        of_table(TYPED | {field: None}, {}, "refuse")
    assert (caught.value.field, caught.value.code) == (field, "import_not_said")


def test_a_log_needs_the_number_of_devices():
    typed = {"device_count": None, "day": None, "ends": None}
    with pytest.raises(Refusal) as caught:
        of_log(typed, ColumnMapping(), {}, "refuse")
    assert caught.value.field == "device_count"
    runs = of_log(typed | {"device_count": 8}, ColumnMapping(), {}, "refuse").runs
    assert runs is not None
    assert (runs.device_count, runs.unknown_ends) == (8, None)
