import json

import pytest
import yaml
from click.testing import CliRunner

from backend.cli import main

SCHEDULES = """
training_samples: 1000
budget: {epochs: 6}
momentum_form: normalised
rate_multiplier: 2.0
schedules:
  - {name: today, learning_rate: {initial: 0.1}, batch_size: {initial: 10}}
  - {name: growing, learning_rate: {initial: 0.1, decay: cosine},
     batch_size: {initial: 8, growth: 2, every_epochs: 2}}
"""


@pytest.fixture
def command(tmp_path):
    def run(verb, text, *options):
        file = tmp_path / "file.yaml"
        file.write_text(text, encoding="utf-8")
        return CliRunner().invoke(main, ["schedule", verb, str(file), *options])

    return run


def test_the_code_is_written_and_passes_its_own_test(command, tmp_path):
    home = tmp_path / "growing.py"
    done = command("export", SCHEDULES, "--schedule", "growing", "--out", str(home))
    assert done.exit_code == 0
    source = home.read_text(encoding="utf-8")
    values: dict = {}
    without_torch = source.replace("import torch\n", "").partition("@dataclass(frozen=True)")[0]
    exec(compile(without_torch, "growing.py", "exec"), values)  # noqa: S102 - our own file
    values["self_test"]()
    # 125 + 125, 63 + 63 and 32 + 32 steps of 8, 16 and 32.
    assert values["STEPS"] == 440
    assert values["learning_rate"](0) == 0.2


@pytest.mark.parametrize(("trainer", "load"), [("yaml", yaml.safe_load), ("json", json.loads)])
def test_a_schedule_that_was_taken_home_reads_back_as_the_same_steps(command, trainer, load):
    taken = command("export", SCHEDULES, "--schedule", "growing", "--to", trainer).stdout
    assert [found["name"] for found in load(taken)["schedules"]] == ["growing"]
    again = command("show", taken).stdout
    assert again == command("show", SCHEDULES, "--schedule", "growing").stdout


def test_a_schedule_that_is_not_there_is_refused_with_those_that_are(command):
    refused = command("export", SCHEDULES, "--schedule", "other")
    assert refused.exit_code != 0
    assert "today, growing" in refused.stderr


def test_megatrons_flags_read_back_as_the_same_steps(command):
    taken = command("export", SCHEDULES, "--schedule", "today", "--to", "megatron")
    assert taken.exit_code != 0  # its rates are of the normalised form
    assert "heavy_ball" in taken.stderr
    plain = SCHEDULES.replace("normalised", "heavy_ball")
    source = command("export", plain, "--schedule", "today", "--to", "megatron").stdout
    values: dict = {}
    exec(compile(source, "today.py", "exec"), values)  # noqa: S102 - our own file
    values["self_test"]()
    line = " ".join(values["FLAGS"])
    options = ("--from", "megatron", "--name", "today", "--training-samples", "1000")
    again = command("import", line, *options)
    assert again.exit_code == 0, again.stderr
    expected = command("show", plain, "--schedule", "today").stdout
    assert command("show", again.stdout).stdout == expected


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_file_that_was_taken_home_is_imported_as_it_was(command, form):
    taken = command("export", SCHEDULES, "--schedule", "growing", "--to", form).stdout
    again = command("import", taken, "--from", form).stdout
    assert yaml.safe_load(again) == yaml.safe_load(taken)


def test_a_file_that_is_none_of_these_is_refused(command):
    assert "JSON" in command("import", "{", "--from", "json").stderr
    assert command("import", "a: [", "--from", "yaml").exit_code != 0
    refused = command("import", "--lr 1 --optimizer adam", "--from", "megatron")
    assert "--optimizer sgd" in refused.stderr


@pytest.mark.parametrize(
    ("text", "options", "begins"),
    [
        ("{", ("--from", "json"), "{file}: "),
        ("--lr 1 --optimizer adam", ("--from", "megatron"), "{file}: "),
        ("--lr 1", ("--from", "megatron", "--name", " "), "--name: "),
        ("{training_samples: 0}", ("--from", "yaml"), "{file}: "),
    ],
)
def test_a_refusal_names_the_file_or_the_option_that_was_written(
    command, tmp_path, text, options, begins
):
    refused = command("import", text, *options)
    assert refused.exit_code == 2
    lines = refused.stderr.splitlines()
    assert all(line.startswith(begins.format(file=tmp_path / "file.yaml")) for line in lines)
    assert lines


def test_a_trainer_may_be_written_with_a_hyphen(command):
    options = ("--schedule", "today", "--to")
    plain = SCHEDULES.replace("normalised", "heavy_ball")
    hyphen, line = (
        command("export", plain, *options, to) for to in ("hugging-face", "hugging_face")
    )
    assert hyphen.exit_code == 0, hyphen.stderr
    assert hyphen.stdout == line.stdout
