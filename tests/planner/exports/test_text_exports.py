"""Composer and OLMo-core: what they can be told, and what is refused because they cannot do it."""

import subprocess
import sys
from dataclasses import dataclass

import pytest
import torch

from planner.exports.composer import composer_source
from planner.exports.laid_out import LaidOut, lay_out
from planner.exports.olmo_core import olmo_core_source
from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.rate_to_batch import RateToBatch
from planner.schedules.schedule import Schedule

WARM = LearningRate(
    initial=0.1, decay="cosine", warm_up=RateWarmUp(maximum=0.4, epochs=2, shape="linear")
)
FOLLOWING = LearningRate(initial=0.1, decay="cosine", to_batch=RateToBatch(rule="square_root"))
EIGHT = BatchSize(initial=8)
DOUBLING = BatchSize(initial=8, growth=2, every_epochs=2)


def a_layout(rate=WARM, batch=EIGHT, momentum=Momentum(), form="heavy_ball") -> LaidOut:
    schedule = Schedule(name="s", learning_rate=rate, batch_size=batch, momentum=momentum)
    return lay_out(schedule, training_samples=100, epochs=6, form=form)


@dataclass(frozen=True)
class Timestamp:
    batch: int


@dataclass(frozen=True)
class State:
    timestamp: Timestamp


def names_of(source: str) -> dict:
    names: dict = {}
    exec(compile(source, "exported", "exec"), names)  # noqa: S102 - it is what is tested
    return names


def test_composers_function_gives_the_rate_of_every_step_as_a_factor_on_the_first():
    layout = a_layout()
    names = names_of(composer_source(layout))
    rates = [
        names["SGD"]["lr"] * names["schedule"](State(Timestamp(step)))
        for step in range(layout.table.steps)
    ]
    assert rates == pytest.approx(layout.table.learning_rate.tolist(), rel=1e-12)
    # 13 steps in each of 6 epochs.
    assert names["MAX_DURATION"] == "78ba"
    assert (names["SGD"]["momentum"], names["SGD"]["nesterov"]) == (0.9, False)


def test_composers_optimizer_takes_the_normalised_forms_path_from_its_first_gradient_on():
    layout = a_layout(form="normalised")
    names = names_of(composer_source(layout))
    weight = torch.nn.Parameter(torch.tensor([1.0], dtype=torch.float64))
    optimizer = torch.optim.SGD([weight], **names["SGD"])
    first = names["SGD"]["lr"]
    theta, average = 1.0, 0.0
    for step, rate in enumerate(layout.table.learning_rate.tolist()):
        optimizer.param_groups[0]["lr"] = first * names["schedule"](State(Timestamp(step)))
        weight.grad = weight.detach().clone()
        optimizer.step()
        # m = beta m + (1 - beta) g, theta -= eta m, and the gradient of theta^2/2 is theta.
        average = 0.9 * average + 0.1 * theta
        theta -= rate * average
        assert weight.item() == pytest.approx(theta, rel=1e-9)


def test_olmo_cores_lists_are_tokens_and_first_steps():
    names = names_of(olmo_core_source(a_layout(FOLLOWING, DOUBLING), 1024))
    assert names["BATCH_SIZES"] == [8192, 16384, 32768]
    # 13 + 13 steps of 8, 7 + 7 of 16.
    assert names["FIRST_STEPS"] == [0, 26, 40]


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        (composer_source(a_layout()), "    [1, 0, ", "    [1, 5, "),
        (olmo_core_source(a_layout(FOLLOWING, DOUBLING), 10), "    [1, 0, ", "    [1, 5, "),
        (olmo_core_source(a_layout(FOLLOWING, DOUBLING), 10), "[0, 26, 40]", "[0, 27, 40]"),
    ],
)
def test_a_file_checks_itself_with_python_alone_and_notices_a_change(tmp_path, source, old, new):
    file = tmp_path / "exported.py"

    def run(text: str) -> subprocess.CompletedProcess[str]:
        file.write_text(text, encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-I", file], cwd=tmp_path, capture_output=True, text=True
        )

    done = run(source)
    assert (done.returncode, done.stderr) == (0, "")
    assert old in source
    assert "AssertionError" in run(source.replace(old, new)).stderr


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("composer_batch_constant", lambda: composer_source(a_layout(batch=DOUBLING))),
        (
            "composer_momentum_constant",
            lambda: composer_source(a_layout(momentum=Momentum(shape="linear", final=0.8))),
        ),
        ("olmo_core_sequence_length", lambda: olmo_core_source(a_layout(), None)),
        ("olmo_core_square_root", lambda: olmo_core_source(a_layout(WARM, DOUBLING), 10)),
        (
            "olmo_core_whole_factor",
            lambda: olmo_core_source(a_layout(FOLLOWING, BatchSize(thresholds="0:8 1ep:12")), 10),
        ),
    ],
)
def test_what_they_cannot_do_is_refused(code, make):
    with pytest.raises(Refusal) as refusal:
        make()
    assert refusal.value.code == code
