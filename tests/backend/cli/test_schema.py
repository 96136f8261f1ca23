import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from backend.cli import main
from backend.cli.schema import FORMATS, schema_of

PUBLISHED = Path(__file__).parents[3] / "docs" / "formats"


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_published_schema_is_the_one_of_the_code(name):
    published = json.loads((PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert published == schema_of(name), "run `make schemas`"


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_schema_is_valid_itself(name):
    Draft202012Validator.check_schema(schema_of(name))


def test_no_schema_is_published_that_the_code_does_not_know():
    assert {path.name for path in PUBLISHED.glob("*.json")} == {f"{n}.schema.json" for n in FORMATS}


def test_the_example_pilot_keeps_its_schema_and_a_misspelt_one_does_not():
    pilot = yaml.safe_load(Path("backend/data/example_pilot.yaml").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema_of("pilot"))
    assert list(validator.iter_errors(pilot)) == []
    assert list(validator.iter_errors({**pilot, "seedz": {}})) != []


def test_what_economics_answers_keeps_its_schema(tmp_path):
    file = tmp_path / "flows.json"
    file.write_text(json.dumps({"flows": [-100, 230, -132]}), encoding="utf-8")
    shown = json.loads(CliRunner().invoke(main, ["economics", str(file)]).stdout)
    assert list(Draft202012Validator(schema_of("economics-flows-shown")).iter_errors(shown)) == []
    assert shown["irr"]["monthly_fractions"] == pytest.approx([0.1, 0.2])


def test_all_schemas_are_written_into_one_folder(tmp_path):
    CliRunner().invoke(main, ["schema", "--all", str(tmp_path)])
    assert len(list(tmp_path.glob("*.schema.json"))) == len(FORMATS)
