"""The loops that the worker is compared with, and the worker's own, on the same data and model."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from planner.exchange.work import ClaimedRun
from planner.pilots.pilot import Divergence, Target
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule
from worker.control import Control
from worker.data.places import DataPlaces
from worker.training.bundle import Bundle
from worker.training.member import Member
from worker.training.run_context import RunContext
from worker.training.trainer import splits_on
from worker.workloads.digits_mlp import DigitsMlp

Context = TypeVar("Context", bound=RunContext)

BETA = 0.9
RATE = 0.001
EPOCHS = 2000
"""More than any benchmark trains: no loop comes to its end."""

SMALL = 64
"""Hidden units of digits-mlp; a step of 16 samples takes about a seventh of a millisecond."""

MIDDLE = 128
"""Hidden units whose step of 32 samples takes about a quarter of a millisecond on one core."""

LARGE = 820
"""Hidden units whose step of 128 samples takes about five milliseconds on one core."""

Loop = Callable[[int], int]
"""Takes at least so many steps, to the end of an epoch at most; returns how many it took."""


class WideDigits(DigitsMlp):
    """The digits with as many hidden units as a step of a certain length needs."""

    def __init__(self, hidden: int) -> None:
        self.hidden = hidden

    def make_model(self, seed: int) -> nn.Module:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return nn.Sequential(
                nn.Linear(64, self.hidden),
                nn.ReLU(),
                nn.Linear(self.hidden, self.hidden),
                nn.ReLU(),
                nn.Linear(self.hidden, 10),
            )


def training_data(folder: Path) -> tuple[Tensor, Tensor]:
    """Inputs and labels of the digits."""
    return DigitsMlp().load(DataPlaces(cache_dir=folder / "cache"))["training"]


def a_run(batch_size: BatchSize) -> ClaimedRun:
    """Long enough never to end here, and evaluated only at its end."""
    return ClaimedRun(
        run_id="bench",
        attempt=1,
        attempt_token="",
        purpose="confirmation",
        workload="digits-mlp",
        schedule=Schedule(
            name="constant",
            role="baseline",
            learning_rate=LearningRate(initial=RATE),
            batch_size=batch_size,
        ),
        rate_multiplier=1.0,
        seed=1,
        epochs=EPOCHS,
        evaluate_every=f"{EPOCHS}ep",
        momentum_form="heavy_ball",
        micro_batch_plan=None,
        target=Target(metric="validation_loss", value=0.15, direction="below"),
        divergence=Divergence(),
        checkpoints=(),
    )


def bare_loop(
    model: nn.Module, data: tuple[Tensor, Tensor], batch_size: int, log: Callable[[Tensor], None]
) -> Loop:
    """The fastest plain loop known: gather, flat vectors, hand-written update, nothing else.

    Args:
        model: To be trained.
        data: Inputs and labels.
        batch_size: Samples a step.
        log: Called with every step's loss.
    """
    inputs, labels = data
    flat, gradient = flattened(model)
    momentum = torch.zeros_like(flat)

    def step(chosen: Tensor) -> None:
        gradient.zero_()
        outputs = model(inputs.index_select(0, chosen))
        loss = nn.functional.cross_entropy(outputs, labels.index_select(0, chosen))
        loss.backward()
        momentum.mul_(BETA).add_(gradient)
        flat.add_(momentum, alpha=-RATE)
        log(loss)

    def epochs(steps: int) -> int:
        done = 0
        while done < steps:
            for chosen in torch.randperm(len(labels)).split(batch_size):
                step(chosen)
                done += 1
        return done

    return epochs


def silent(_: Tensor) -> None:
    """Logs nothing."""


def flattened(model: nn.Module) -> tuple[Tensor, Tensor]:
    """All parameters and all gradients as one vector each; the model's own become views."""
    trained = list(model.parameters())
    flat = torch.cat([parameter.detach().reshape(-1) for parameter in trained])
    gradient = torch.zeros_like(flat)
    start = 0
    for parameter in trained:
        end = start + parameter.numel()
        parameter.data = flat[start:end].view_as(parameter)
        parameter.grad = gradient[start:end].view_as(parameter)
        start = end
    return flat, gradient


def our_training(
    workload: DigitsMlp,
    folder: Path,
    batch_size: BatchSize,
    make_context: type[Context] = RunContext,
) -> tuple[Context, Bundle]:
    """The trainer's own state, with everything that a step brings along."""
    scratch = Path(tempfile.mkdtemp(prefix="trainer-", dir=folder))
    Control.create(scratch / "control", deadline=float("inf")).close()
    context = make_context(a_run(batch_size), scratch=scratch, checkpoint_every_s=3600.0)
    splits = splits_on("cpu", workload, DataPlaces(cache_dir=folder / "cache"))
    bundle = Bundle([Member(context, workload, splits)])
    bundle.each(Member.resume)
    return context, bundle


def our_loop(context: RunContext, bundle: Bundle) -> Loop:
    """The trainer's own loop."""

    def steps(wanted: int) -> int:
        first = context.step
        while context.step - first < wanted:
            bundle.advance()
        return context.step - first

    return steps
