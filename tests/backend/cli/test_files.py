import csv
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cli.files import LARGEST_FILE_BYTES, read_data, write_csv, write_json
from backend.wire.problems import InputError


def problem_of(path):
    with pytest.raises(InputError) as caught:
        read_data(path)
    (problem,) = caught.value.problems
    assert problem.field == str(path)
    return problem


def test_days_stay_text_and_numbers_stay_numbers(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("as_of: 2026-11-24\nrate: 0.5\nevery: 1ep\n", encoding="utf-8")
    assert read_data(file) == {"as_of": "2026-11-24", "rate": 0.5, "every": "1ep"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-3", 0.001), ("5", 5), ("-2.5E+3", -2500.0), (".5", 0.5), ("1.", 1.0), ("1ep", "1ep")],
)
def test_numbers_are_read_as_json_and_people_write_them(tmp_path, text, value):
    file = tmp_path / "a.yaml"
    file.write_text(f"value: {text}\n", encoding="utf-8")
    read = read_data(file)["value"]
    assert (read, type(read)) == (value, type(value))


def test_json_is_read_as_well(tmp_path):
    file = tmp_path / "a.json"
    file.write_text('{"flows": [-1, 2.5e3], "name": "目標"}', encoding="utf-8")
    assert read_data(file) == {"flows": [-1, 2500.0], "name": "目標"}


def test_a_key_that_is_stated_twice_is_refused_with_its_line(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("name: one\nbudget: {epochs: 3}\nname: two\n", encoding="utf-8")
    problem = problem_of(file)
    assert (problem.code, problem.params["line"]) == ("file_not_yaml", 3)


def test_a_missing_file_is_told(tmp_path):
    assert problem_of(tmp_path / "none.yaml").code == "file_not_found"


def test_a_folder_is_not_a_file(tmp_path):
    assert problem_of(tmp_path).code == "file_not_readable"


def test_bytes_that_are_no_text_are_told(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    assert problem_of(file).code == "file_not_readable"


def test_a_file_beyond_the_limit_is_not_even_read(tmp_path):
    file = tmp_path / "a.yaml"
    with file.open("wb") as stream:
        stream.truncate(LARGEST_FILE_BYTES + 1)
    assert problem_of(file).code == "file_too_large"


def test_a_tag_cannot_run_code(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("name: !!python/object/apply:os.getcwd []\n", encoding="utf-8")
    assert problem_of(file).code == "file_not_yaml"


def test_nan_never_leaves_the_product(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"npv": math.nan}, tmp_path / "a.json")


def test_text_that_a_spreadsheet_would_run_is_made_harmless(tmp_path):
    out = tmp_path / "a.csv"
    write_csv(["name", "value"], [["=1+1", -1.5]], out, total=1)
    assert out.read_text(encoding="utf-8") == "name,value\n'=1+1,-1.5\n"


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_numbers_are_written_in_full(tmp_path_factory, values):
    folder = tmp_path_factory.mktemp("numbers")
    write_csv(["value"], [[value] for value in values], folder / "a.csv", total=len(values))
    write_json(values, folder / "a.json")
    with (folder / "a.csv").open(encoding="utf-8") as stream:
        assert [float(row["value"]) for row in csv.DictReader(stream)] == values
    assert json.loads((folder / "a.json").read_text(encoding="utf-8")) == values
