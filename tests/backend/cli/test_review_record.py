"""Whatever a review says, it keeps the published record, and every field of that is explained."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from backend.cli.described_fields import with_descriptions
from backend.codec import encode_json
from planner.pilots.seeds import Seeds
from planner.reviews.review import FORMAT_VERSION, Review, make_review
from tests.support.measured_pilots import a_pilot, a_review_input

RECORD = Path(__file__).parents[3] / "docs" / "review.schema.json"
EXPLAINED = RECORD.parent / "review.md"
SCHEMA = json.loads(RECORD.read_text(encoding="utf-8"))

PAYS = a_review_input({"today": 0.10, "growing batch": 0.08})
SWEPT = a_pilot(
    rate_multipliers=(0.5, 1.0, 2.0), seeds=Seeds(selection=(1, 2), confirmation=(11, 12, 13))
)
STATES = {
    "adopt": PAYS,
    "extend": replace(PAYS, records=PAYS.records[:2] + PAYS.records[5:7]),
    "do not adopt": a_review_input({"today": 0.10, "growing batch": 0.16}),
    "before any run has ended": replace(PAYS, records=()),
    "before the selection": replace(PAYS, pilot=SWEPT, selection=None, records=()),
    "some runs never arrive": a_review_input({"today": 0.10, "growing batch": 0.132}, spread=0.05),
    "no run arrives": a_review_input({"today": 0.5, "growing batch": 0.5}),
    "hardware that nobody measured": replace(PAYS, production=None),
}


def violations(record):
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(record)]


def record_of(given):
    return json.loads(encode_json(Review, make_review(given)))


@pytest.mark.parametrize("state", STATES)
def test_a_review_keeps_the_record_in_every_state(state):
    assert violations(record_of(STATES[state])) == []


def test_the_states_are_what_they_are_called():
    told = {name: make_review(given) for name, given in STATES.items()}
    assert [told[name].verdict.kind for name in ("adopt", "extend", "do not adopt")] == [
        "adopt",
        "extend",
        "do_not_adopt",
    ]
    assert told["hardware that nobody measured"].unavailable is not None
    arrived = {
        name: {found.measured.reached for found in told[name].schedules}
        for name in ("before any run has ended", "some runs never arrive", "no run arrives")
    }
    assert arrived["before any run has ended"] == arrived["no run arrives"] == {0}
    assert any(0 < reached < 5 for reached in arrived["some runs never arrive"])


def test_a_record_of_another_version_or_with_a_wrong_type_is_refused():
    record = record_of(PAYS)
    assert violations({**record, "format_version": FORMAT_VERSION + 1}) != []
    assert violations({**record, "device_count": "eight"}) != []


def test_somebody_elses_fields_do_not_break_the_record():
    assert violations({**record_of(PAYS), "cost_centre": "4711"}) == []


def test_the_record_says_its_name_and_its_version():
    assert SCHEMA["$id"] == f"urn:paybatch:review:{FORMAT_VERSION}"
    assert SCHEMA["version"] == str(FORMAT_VERSION)
    assert SCHEMA["title"] == "Return on investment of a training schedule"


def test_every_field_of_the_record_is_described():
    kinds = {"review": SCHEMA, **SCHEMA["$defs"]}
    silent = {
        f"{kind}.{name}"
        for kind, described in kinds.items()
        for name, field in described.get("properties", {}).items()
        if not field.get("description")
    }
    assert silent == set(), "say it in the docstring of the class, below Attributes"


def test_every_number_with_a_unit_in_its_name_has_it_in_the_record():
    measured = SCHEMA["$defs"]["Measured"]["properties"]
    assert measured["budget_s"]["x-unit"] == "seconds"
    assert SCHEMA["properties"]["pilot_device_h"]["x-unit"] == "hours"
    assert SCHEMA["$defs"]["Payback"]["properties"]["months"].get("x-unit") is None


def test_a_docstring_is_taken_apart_at_its_attributes():
    described = with_descriptions(
        {
            "description": "One run.\n\nAttributes:\n    run_s: Seconds,\n        all of them.",
            "properties": {"run_s": {"type": "number"}, "name": {"type": "string"}},
        }
    )
    assert described["description"] == "One run."
    assert described["properties"] == {
        "run_s": {"type": "number", "description": "Seconds, all of them.", "x-unit": "seconds"},
        "name": {"type": "string"},
    }


def test_the_example_in_the_explanation_keeps_the_record_and_is_of_this_version():
    text = EXPLAINED.read_text(encoding="utf-8")
    assert f"version {FORMAT_VERSION}" in text
    _, _, rest = text.partition("```json\n")
    shown = json.loads(rest.partition("```")[0])
    whole = record_of(PAYS)
    assert violations({**whole, **shown}) == []
    assert shown.keys() <= whole.keys()
    assert shown["today"].items() <= whole["today"].items()
    assert shown["verdict"]["npv"]["mid"]["amount"] == pytest.approx(
        whole["verdict"]["npv"]["mid"]["amount"], abs=0.005
    )
