from frontend.planning.document import is_within, parts, read, written

PLAN = {"pilot": {"schedules": [{"name": "today"}, {"name": "own"}], "budget": {"epochs": 20}}}


def test_a_path_names_fields_and_places_as_the_api_does():
    assert parts("pilot.schedules[1].name") == ("pilot", "schedules", 1, "name")


def test_a_field_is_read_at_its_path_and_nothing_where_there_is_none():
    assert read(PLAN, "pilot.schedules[1].name") == "own"
    assert read(PLAN, "pilot.schedules[2].name") is None
    assert read(PLAN, "pilot.budget.epochs.unit") is None


def test_writing_a_field_leaves_the_plan_before_it_as_it_was():
    changed = written(PLAN, "pilot.schedules[0].name", "now")
    assert read(changed, "pilot.schedules[0].name") == "now"
    assert read(PLAN, "pilot.schedules[0].name") == "today"


def test_a_field_lies_within_what_it_is_part_of():
    assert is_within("schedules[1].name", "schedules[1]")
    assert is_within("schedules[1]", "schedules[1]")
    assert not is_within("schedules[10].name", "schedules[1]")
    assert not is_within("schedules", "schedules[1]")
