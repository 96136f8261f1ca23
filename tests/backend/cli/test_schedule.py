import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.cli.files import read
from planner.pilots.pilot import Pilot

GROWING_FROM_EIGHT = """
training_samples: 50000
budget: {epochs: 300}
momentum_form: normalised
schedules:
  - {name: constant, learning_rate: {initial: 0.1, decay: cosine}, batch_size: {initial: 128}}
  - {name: growing, learning_rate: {initial: 0.1},
     batch_size: {initial: 8, growth: 2, every_epochs: 30}}
"""


@pytest.fixture
def show(tmp_path):
    def run(text, *options):
        file = tmp_path / "file.yaml"
        file.write_text(text, encoding="utf-8")
        return CliRunner().invoke(main, ["schedule", "show", str(file), *options])

    return run


def test_the_papers_schedule_has_its_published_steps_and_summed_rate(show):
    constant, growing = json.loads(show(GROWING_FROM_EIGHT, "--format", "json").stdout)
    assert constant["work"]["steps"] == 117_300
    assert constant["work"]["summed_rate"] == pytest.approx(5884.55)
    assert growing["work"]["steps"] == 374_760
    assert [stage["batch_size"] for stage in growing["stages"]] == [8 * 2**k for k in range(10)]


def test_a_row_says_what_the_trainer_does_at_that_step(show):
    small = """
training_samples: 10
budget: {epochs: 2}
schedules: [{name: today, learning_rate: {initial: 0.1}, batch_size: {initial: 4}}]
"""
    rows = list(csv.DictReader(io.StringIO(show(small).stdout)))
    assert [int(row["samples"]) for row in rows] == [0, 4, 8, 10, 14, 18]
    assert [int(row["epoch"]) for row in rows] == [0, 0, 0, 1, 1, 1]
    assert float(rows[0]["effective_learning_rate"]) == pytest.approx(0.1 / (1 - 0.9))
    assert rows[5] == {
        "schedule": "today",
        "step": "5",
        "epoch": "1",
        "samples": "18",
        "learning_rate": "0.1",
        "effective_learning_rate": rows[0]["effective_learning_rate"],
        "batch_size": "4",
        "momentum": "0.9",
    }


def test_one_schedule_can_be_chosen_and_written_to_a_file(show, tmp_path):
    out = tmp_path / "made" / "steps.csv"
    answer = show(GROWING_FROM_EIGHT, "--schedule", "constant", "--out", str(out))
    assert answer.exit_code == 0
    assert answer.stdout == ""
    assert len(out.read_text(encoding="utf-8").splitlines()) == 1 + 117_300


def test_a_pilot_file_needs_no_number_of_samples():
    example = "backend/data/example_pilot.yaml"
    answer = CliRunner().invoke(main, ["schedule", "show", example, "--schedule", "today"])
    epochs = read(Pilot, Path(example)).budget.epochs
    # 1,078 samples in batches of 8 are 135 steps an epoch.
    assert len(answer.stdout.splitlines()) == 1 + 135 * epochs


def test_every_problem_of_a_file_is_told_at_once_with_its_field(show):
    broken = """
training_samples: 50000
budget: {epochs: 0}
color: red
schedules:
  - {name: today, learning_rate: {initial: -0.1}, batch_size: {initial: 8}}
"""
    answer = show(broken, "--lang", "en")
    assert answer.exit_code == 2
    assert answer.stdout == ""
    fields = sorted(line.partition(":")[0] for line in answer.stderr.splitlines())
    assert fields == ["budget.epochs", "color", "schedules[0].learning_rate.initial"]


def test_problems_are_told_in_japanese_when_asked(show):
    answer = show("training_samples: 5\nbudget: {epochs: 1}", "--lang", "ja")
    assert answer.exit_code == 2
    assert answer.stderr == "schedules：必須項目です。入力してください。\n"


def test_a_schedule_that_is_not_in_the_file_is_refused_with_the_names_that_are(show):
    answer = show(GROWING_FROM_EIGHT, "--schedule", "tomorrow", "--lang", "en")
    assert answer.exit_code == 2
    assert "constant, growing" in answer.stderr
