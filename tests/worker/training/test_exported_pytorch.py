"""The exported PyTorch file, run alone and beside the trainer."""

import importlib.util
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn.functional import cross_entropy

from planner.exports.laid_out import lay_out
from planner.exports.pytorch import pytorch_source
from planner.schedules.batch_size import BatchSize
from tests.planner.exports.layouts import EVERYTHING_CHANGES, FORMS
from tests.worker.builders import a_claimed_run, attempt, points
from worker.data.places import DataPlaces
from worker.training.arithmetic import as_trainers_compute
from worker.training.sampler import Sampler, SamplerState
from worker.training.seeds import stream_seed
from worker.workloads import WORKLOADS

SEED, EPOCHS, SAMPLES = 11, 3, 1078
SCHEDULE = replace(EVERYTHING_CHANGES, batch_size=BatchSize(initial=32, growth=2, every_epochs=1))


def written(folder: Path, form: str) -> Path:
    laid_out = lay_out(SCHEDULE, training_samples=SAMPLES, epochs=EPOCHS, form=form)
    file = folder / "growing_batch.py"
    file.write_text(pytorch_source(laid_out), encoding="utf-8")
    return file


def run(file: Path) -> subprocess.CompletedProcess[str]:
    """Runs it alone: no path of ours, no variable of ours."""
    return subprocess.run(
        [sys.executable, "-I", file.name], cwd=file.parent, capture_output=True, text=True
    )


def imported(file: Path):
    spec = importlib.util.spec_from_file_location(f"exported_{file.parent.name}", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def our_order(seed: int, epoch: int) -> torch.Tensor:
    state = SamplerState(seed=seed, epoch=epoch, cursor=0)
    return Sampler(samples=SAMPLES, state=state).rest()


def test_the_file_checks_itself_in_a_clean_folder_and_notices_a_changed_table(tmp_path):
    file = written(tmp_path, "heavy_ball")
    done = run(file)
    # 34 steps of 32, 17 of 64, 9 of 128: 60 in all.
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ok: 60 steps")
    source = file.read_text(encoding="utf-8")
    file.write_text(source.replace("    [0, 0, 0.02, 32,", "    [0, 0, 0.03, 32,"))
    assert "not the one that was written" in run(file).stderr


@pytest.mark.parametrize("form", FORMS)
def test_training_with_the_file_has_the_losses_of_the_trainer(tmp_path, form):
    ours = a_claimed_run(schedule=SCHEDULE, seed=SEED, epochs=EPOCHS, momentum_form=form)
    reports = attempt(ours, tmp_path / "ours")
    expected = [values["batch_loss"] for values in points(reports, "train").values()]
    workload = WORKLOADS["digits-mlp"]
    inputs, targets = workload.load(DataPlaces(cache_dir=tmp_path / "cache"))["training"]
    exported = imported(written(tmp_path, form))
    with as_trainers_compute():
        model = workload.make_model(stream_seed(SEED, "weights"))
        optimizer = exported.make_optimizer(model.parameters())
        losses = []
        for step in exported.steps(seed=SEED, order=our_order):
            exported.set_step(optimizer, step.number)
            optimizer.zero_grad()
            (indices,) = step.micro_batches
            loss = cross_entropy(model(inputs[indices]), targets[indices])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert len(losses) == 60
    assert losses == pytest.approx(expected, rel=1e-5)


def test_a_resumed_training_takes_the_steps_that_were_left(tmp_path):
    exported = imported(written(tmp_path, "heavy_ball"))
    whole = list(exported.steps(seed=3, micro_batch_size=20))
    rest = list(exported.steps(seed=3, micro_batch_size=20, first_step=37))
    assert [step.number for step in rest] == list(range(37, 60))
    for one, other in zip(whole[37:], rest, strict=True):
        assert (one.learning_rate, one.buffer_factor) == (other.learning_rate, other.buffer_factor)
        assert [i.tolist() for i in one.micro_batches] == [i.tolist() for i in other.micro_batches]
    assert [len(indices) for indices in whole[36].micro_batches] == [20, 20, 20, 4]
