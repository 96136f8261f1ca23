"""Whatever a review says, it keeps the published record, and every field of that is explained."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from backend.cli.described_fields import with_descriptions
from backend.wire.codec import encode_json
from planner.economics.energy import Facility
from planner.measurements.gradient_noise import NoiseReading
from planner.pilots.seeds import Seeds
from planner.reviews.review import FORMAT_VERSION, Review, make_review
from tests.support.measured_pilots import a_pilot, a_review_input
from tests.support.review_shape import PROMISED, broken, shape_of

RECORD = Path(__file__).parents[3] / "docs" / "review.schema.json"
EXPLAINED = RECORD.parent / "review.md"
SCHEMA = json.loads(RECORD.read_text(encoding="utf-8"))


def metered(given):
    """Energy and noise of every run, and facts of the grid to state carbon with."""
    facility = Facility(pue=1.2, grid_kg_per_kwh=0.4, as_of="2026-11-01")
    records = tuple(
        replace(
            record,
            noise=NoiseReading(noise=80.0, gradient_square=1.0),
            attempts=tuple(
                replace(one, wall_clock_s=100.0, energy_j=3e4) for one in record.attempts
            ),
        )
        for record in given.records
    )
    return replace(
        given, records=records, assumptions=replace(given.assumptions, facility=facility)
    )


def alone(given):
    hardware = replace(given.hardware, device_count=1, throughput=given.throughput)
    return replace(given, production=None, hardware=hardware, compared=(hardware,))


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
    "metered, with a noise scale": metered(PAYS),
    "a training that is the pilot itself": alone(metered(PAYS)),
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
    assert told["metered, with a noise scale"].noise_scenarios != ()
    itself = told["a training that is the pilot itself"]
    assert itself.hardware_cases[0].energy is not None
    assert itself.schedules[0].training.evaluation_h is not None
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


def test_what_the_version_promised_when_it_began_still_holds():
    promised = json.loads(PROMISED.read_text(encoding="utf-8"))
    assert broken(promised, shape_of(SCHEMA)) == [], (
        "docs/review.md says what that means: raise FORMAT_VERSION, or, where the version was not "
        "released yet, write its promise anew: python -m tests.support.review_shape"
    )


def test_a_promise_is_broken_by_whatever_lets_a_record_or_its_reader_down():
    was = {
        "Race.steps": {"type": {"type": "integer"}, "unit": None, "required": True},
        "Race.energy_j": {"type": {"type": "number"}, "unit": "joules", "required": False},
        "Race.status": {"type": {"enum": ["queued", "capped"]}, "unit": None, "required": True},
    }
    null = {"anyOf": [{"type": "integer"}, {"type": "null"}]}

    def now(name, **changes):
        return broken(was, {**was, name: {**was.get(name, was["Race.steps"]), **changes}})

    assert broken(was, was) == []
    assert now("Race.seed", required=False) == []
    assert now("Lap.seed") == []
    assert now("Race.status", type={"enum": ["queued", "capped", "lost"]}) == []
    assert now("Race.seed") == ["Race.seed is a new field without a default"]
    assert now("Race.steps", type=null) == ["Race.steps has another type"]
    assert now("Race.status", type={"enum": ["queued"]}) == ["Race.status has another type"]
    assert now("Race.energy_j", unit="kilowatt-hours") == ["Race.energy_j has another unit"]
    assert now("Race.energy_j", required=True) == ["Race.energy_j was not always there"]
    assert broken(was, {}) == [f"{name} is gone" for name in was]


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
