"""``paybatch import look`` tells what a file holds and what must be told, without a server."""

import json

import pytest
import yaml
from click.testing import CliRunner

from backend.cli import main
from tests.support.tracker_files import event, record

MAPPING = {
    "run": "run",
    "step": "step",
    "elapsed": {"column": "time", "unit": "seconds"},
    "learning_rate": "lr",
    "batch_size": {"column": "bs", "meaning": "global"},
    "metrics": {"validation_loss": "loss"},
    "training_samples": 80,
}
"""Eight samples a step: ten steps an epoch."""


@pytest.fixture
def log(tmp_path):
    """Two epochs under a linear decay from 0.1 to nothing."""
    rows = [f"a,{step},{step},{0.1 * (1 - step / 20):.6g},8,{1 / (step + 1)}" for step in range(20)]
    file = tmp_path / "log.csv"
    file.write_text("run,step,time,lr,bs,loss\n" + "\n".join(rows) + "\n")
    return file


def look(*arguments):
    return CliRunner().invoke(main, ["import", "look", *map(str, arguments)])


def test_without_a_mapping_it_says_what_must_be_told(log):
    said = look(log, "--lang", "en")
    assert said.exit_code == 0
    assert "CSV (csv)" in said.output
    assert "run: a, rows: 20" in said.output
    assert "elapsed.unit: In which unit is the column" in said.output
    assert "時間などから選んで" in look(log, "--lang", "ja").output


def test_with_a_mapping_it_says_the_schedule_that_the_log_shows(log, tmp_path):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(yaml.dump(MAPPING))
    said = look(log, "--mapping", mapping, "--lang", "en")
    assert "To be told" not in said.output
    assert "a: rate linear from 0.1, batch 8" in said.output
    found = json.loads(look(log, "--mapping", mapping, "--json").stdout)
    assert found["look"]["asked"] == []
    assert found["schedules"][0]["schedule"]["schedule"]["learning_rate"]["decay"] == "linear"


def test_a_log_that_was_cut_off_is_named_in_both_languages(tmp_path):
    log = tmp_path / "today 1" / "events.out.tfevents.1"
    log.parent.mkdir()
    log.write_bytes((record(event(1, 10.0, 2.0)) * 2)[:-3])
    assert "in the middle of a record, as where a training was killed: today 1" in (
        look(tmp_path, "--lang", "en").output
    )
    assert "レコードの途中で終わっています：today 1" in look(tmp_path, "--lang", "ja").output


def test_a_file_of_another_kind_and_a_wrong_mapping_are_refused(tmp_path, log):
    other = tmp_path / "picture.png"
    other.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    assert look(other).exit_code == 2
    assert look(tmp_path / "none.csv").exit_code == 2
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(yaml.dump({**MAPPING, "elapsed": {"column": "time", "unit": "fortnights"}}))
    said = look(log, "--mapping", mapping, "--lang", "en")
    assert said.exit_code == 2
    assert "elapsed.unit" in said.output
