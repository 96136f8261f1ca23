"""Exported files in the frameworks that they are for: `make exports` installs those."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from planner.exports.hugging_face import hugging_face_source
from planner.exports.lightning import lightning_source
from planner.exports.pytorch import pytorch_source
from tests.planner.exports.layouts import FORMS, everything_changes

pytestmark = pytest.mark.frameworks

PYTHON = Path(os.environ.get("PAYBATCH_EXPORTS_PYTHON", ".venv-exports/bin/python")).absolute()
TRAINING = Path(__file__).with_name("trained_by_frameworks.py")
SOURCES = {
    "pytorch": pytorch_source,
    "lightning": lightning_source,
    "hugging-face": hugging_face_source,
}
IN_FRAMEWORKS = ["lightning", "hugging-face"]


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """In a clean folder, with no path and no variable of ours."""
    return subprocess.run(
        [PYTHON, "-I", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def written(kind: str, form: str, folder: Path) -> str:
    file = folder / f"{kind.replace('-', '_')}_{form}.py"
    file.write_text(SOURCES[kind](everything_changes(form)), encoding="utf-8")
    return file.name


def losses(kind: str, form: str, folder: Path, *resumed_at: str) -> list[float]:
    done = run(str(TRAINING), kind, written(kind, form, folder), *resumed_at, folder=folder)
    assert done.returncode == 0, done.stderr
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", IN_FRAMEWORKS)
def test_the_file_trains_and_checks_itself_with_its_framework_alone(kind, form, tmp_path):
    done = run(written(kind, form, tmp_path), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search("^ok: 67 steps, 67 of them checked, 67 trained", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("kind", IN_FRAMEWORKS)
def test_a_changed_table_and_a_changed_rate_are_noticed(kind, tmp_path):
    name = written(kind, "heavy_ball", tmp_path)
    source = (tmp_path / name).read_text(encoding="utf-8")
    row = "    [0, 0, 0.02, 8,"
    assert row in source
    (tmp_path / name).write_text(source.replace(row, "    [0, 0, 0.03, 8,"), encoding="utf-8")
    assert "not the one that was written" in run(name, folder=tmp_path).stderr
    halved = source.replace('group["lr"] = learning_rate', 'group["lr"] = 0.5 * learning_rate')
    (tmp_path / name).write_text(halved, encoding="utf-8")
    done = run(name, folder=tmp_path)
    assert done.returncode != 0
    assert "AssertionError" in done.stderr


@pytest.mark.parametrize("form", FORMS)
def test_frameworks_train_to_the_losses_of_the_pytorch_file(form, tmp_path):
    expected = losses("pytorch", form, tmp_path)
    assert len(expected) == 67
    for kind in IN_FRAMEWORKS:
        assert losses(kind, form, tmp_path) == pytest.approx(expected, rel=1e-6), kind


def test_a_resumed_trainer_goes_on_with_the_steps_that_were_left(tmp_path):
    # Step 45 lies in the second epoch, within a stage and while momentum changes.
    resumed = losses("hugging-face", "heavy_ball", tmp_path, "45")
    assert resumed == pytest.approx(losses("pytorch", "heavy_ball", tmp_path), rel=1e-6)
