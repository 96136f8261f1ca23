"""Ranges in a plan: kept where they were typed, begun at the value where they are new."""

from frontend.planning.document import read
from frontend.planning.form import plan_of
from frontend.views.plan_ranges import PATH, with_ranges
from tests.support.measured_pilots import a_pilot

PLAN = plan_of(a_pilot(), name="ranges")


def test_an_assumption_that_becomes_uncertain_begins_with_its_value_at_both_ends():
    changed = with_ranges(PLAN, ["engineer_rate_per_h", "trainings_per_month"])
    assert list(read(changed, PATH)) == ["trainings_per_month", "engineer_rate_per_h"]
    assert read(changed, f"{PATH}.trainings_per_month") == {"low": 20.0, "high": 20.0}
    assert not read(PLAN, PATH)


def test_ends_stay_while_others_come_and_go():
    typed = with_ranges(PLAN, ["trainings_per_month"])
    typed["pilot"]["assumptions"]["ranges"]["trainings_per_month"]["low"] = 10.0
    more = with_ranges(typed, ["engineer_rate_per_h", "trainings_per_month"])
    assert read(more, f"{PATH}.trainings_per_month.low") == 10.0
    assert list(read(with_ranges(more, ["engineer_rate_per_h"]), PATH)) == ["engineer_rate_per_h"]
