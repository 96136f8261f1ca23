"""What real trackers wrote is read with the very values: `make trackers` installs those."""

import math
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.imports.reading import look, read
from planner.imports.mapping import BatchColumn
from tests.support.trackers import KINDS, PYTHON, logged_by

pytestmark = pytest.mark.trackers

LOGGING = Path(__file__).with_name("logged_by_trackers.py")
CHECKED = ["tensorboard", "wandb"]
"""Formats with checksums."""

FACTS = {"mlflow_files": "param", "mlflow_database": "param", "wandb": "config"}


@pytest.fixture(scope="module", params=KINDS)
def logged(request, tmp_path_factory):
    """A run that the tracker logged: its kind, its folder, and what it was told."""
    folder = tmp_path_factory.mktemp(request.param)
    return request.param, folder, logged_by(LOGGING, request.param, folder)


def answered(suggested):
    """Trackers ask for one thing alone: whose samples a batch size means."""
    batch = suggested.batch_size
    if batch is None:
        return suggested
    return replace(suggested, batch_size=BatchColumn(column=batch.column, meaning="global"))


def test_every_value_is_what_was_logged(logged):
    kind, folder, told = logged
    (run,) = read(folder, answered(look(folder).suggested))
    assert run.steps.tolist() == told["steps"]
    width = np.float32 if kind == "tensorboard" else np.float64
    loss = [width(value) for value in told["loss"] if not math.isnan(value)]
    assert run.metrics["loss"][:-1].tolist() == loss
    assert run.learning_rate.tolist() == [width(value) for value in told["lr"]]
    assert np.isnan(run.metrics["loss"][-1])
    assert run.diverged_at == told["steps"][-1]
    assert (np.diff(run.elapsed_s) >= 0).all()
    assert run.elapsed_s[0] >= 0


def test_what_holds_for_the_run_is_found_under_its_name(logged):
    kind, folder, _ = logged
    seen = look(folder)
    assert [run.name for run in seen.runs] == ["growing batch 11"]
    if kind == "tensorboard":
        return
    facts = {one.name: one.sample for one in seen.columns if one.kind == "fact"}
    assert facts[f"{FACTS[kind]}.batch_size"] == "32"
    (run,) = read(folder, answered(seen.suggested))
    assert run.ended == "finished"
    assert run.seed == 11
    assert run.schedule == "growing batch"
    assert set(run.batch_size) == {32}
    assert set(run.momentum) == {0.9}


def test_time_to_target_is_that_of_the_original_values(logged):
    """Sixth row, at step 15, is the first below 0.07; TensorBoard's rows are 2.5 s apart."""
    kind, folder, told = logged
    (run,) = read(folder, answered(look(folder).suggested))
    reached = int(np.argmax(run.metrics["loss"] < 0.07))
    assert reached == next(place for place, value in enumerate(told["loss"]) if value < 0.07)
    assert run.steps[reached] == 15
    if kind == "tensorboard":
        assert run.elapsed_s[reached] == 5 * 2.5


def test_the_same_in_a_zip_archive(logged, tmp_path):
    _, folder, told = logged
    packed = tmp_path / "upload.zip"
    subprocess.run([PYTHON, "-m", "zipfile", "-c", packed, *sorted(folder.iterdir())], check=True)
    (run,) = read(packed, answered(look(packed).suggested))
    assert run.steps.tolist() == told["steps"]


@pytest.mark.parametrize("logged", CHECKED, indirect=True, scope="module")
def test_a_byte_that_changed_is_noticed_in_every_checked_format(logged, tmp_path):
    _, folder, _ = logged
    (file,) = [*folder.rglob("*tfevents*"), *folder.rglob("*.wandb")]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0x01
    damaged = tmp_path / file.name
    damaged.write_bytes(content)
    with pytest.raises(ValueError, match=r"import_checksum_wrong|import_record"):
        list(read(damaged, answered(look(file).suggested)))
