"""What the worker adds to a bare training loop, and how soon a claimed run makes its first step.

Both loops take the same steps on the same model and batch sizes, in turns within one process; the
time is CPU seconds of this thread, so a busy host disturbs both alike. A/A is the bare loop
against itself: differences below it mean nothing. Aims: ratio at most 1.10 at steps of about
0.25 ms and 1.02 at about 5 ms, at most 30 us a step; first step within 0.5 s of the start.
"""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch
from torch import Tensor, nn

from planner.batch_size import BatchSize
from planner.learning_rate import LearningRate
from planner.pilot import Divergence, Target
from planner.schedule import Schedule
from planner.work import ClaimedRun, Device
from worker.bundle import Bundle
from worker.codec import encode
from worker.control import Control
from worker.data.places import DataPlaces
from worker.job import JobMember, TrainerJob
from worker.member import Member
from worker.run_context import RunContext
from worker.trainer import splits_on
from worker.trainer_processes import TrainerProcesses
from worker.workloads.digits_mlp import DigitsMlp

TURNS = 30
BETA = 0.9
RATE = 0.001


class WideDigits(DigitsMlp):
    """The digits with as many hidden units as a step of some milliseconds needs."""

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


def a_run(batch_size: int) -> ClaimedRun:
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
            batch_size=BatchSize(initial=batch_size),
        ),
        rate_multiplier=1.0,
        seed=1,
        epochs=2000,
        evaluate_every="2000ep",
        momentum_form="heavy_ball",
        micro_batch_plan=None,
        target=Target(metric="validation_loss", value=0.15, direction="below"),
        divergence=Divergence(),
        checkpoints=(),
    )


def bare_loop(workload: DigitsMlp, cache: Path, batch_size: int) -> Callable[[int], int]:
    """The fastest plain loop known: gather, flat vectors, hand-written update, nothing else."""
    inputs, labels = workload.load(DataPlaces(cache_dir=cache))["training"]
    model = workload.make_model(1)
    trained = list(model.parameters())
    flat = torch.cat([parameter.detach().reshape(-1) for parameter in trained])
    gradient, momentum = torch.zeros_like(flat), torch.zeros_like(flat)
    start = 0
    for parameter in trained:
        end = start + parameter.numel()
        parameter.data = flat[start:end].view_as(parameter)
        parameter.grad = gradient[start:end].view_as(parameter)
        start = end

    def epochs(steps: int) -> int:
        done = 0
        while done < steps:
            order = torch.randperm(len(labels))
            for first in range(0, len(labels), batch_size):
                step(order[first : first + batch_size])
                done += 1
        return done

    def step(chosen: Tensor) -> None:
        gradient.zero_()
        outputs = model(inputs.index_select(0, chosen))
        nn.functional.cross_entropy(outputs, labels.index_select(0, chosen)).backward()
        momentum.mul_(BETA).add_(gradient)
        flat.add_(momentum, alpha=-RATE)

    return epochs


def our_loop(workload: DigitsMlp, folder: Path, batch_size: int) -> Callable[[int], int]:
    """The trainer's own loop, with everything that a step brings along."""
    scratch = folder / f"{workload.hidden}-{batch_size}"
    scratch.mkdir()
    Control.create(scratch / "control", deadline=float("inf")).close()
    context = RunContext(a_run(batch_size), scratch=scratch, checkpoint_every_s=3600.0)
    splits = splits_on("cpu", workload, DataPlaces(cache_dir=folder / "cache"))
    bundle = Bundle([Member(context, workload, splits)])
    bundle.each(Member.resume)

    def steps(wanted: int) -> int:
        first = context.step
        while context.step - first < wanted:
            bundle.advance()
        return context.step - first

    return steps


def seconds_per_step(loop: Callable[[int], int], steps: int) -> float:
    began = time.thread_time()
    done = loop(steps)
    return (time.thread_time() - began) / done


def compare(folder: Path, *, hidden: int, batch_size: int, steps: int, aim: float) -> None:
    """Prints both loops' time a step, their ratio, and the ratio of the bare loop to itself."""
    workload = WideDigits(hidden)
    bare = bare_loop(workload, folder / "cache", batch_size)
    ours = our_loop(workload, folder, batch_size)
    for loop in (bare, ours):
        loop(steps)
    turns = [[seconds_per_step(loop, steps) for loop in (bare, ours, bare)] for _ in range(TURNS)]
    first, trainer, second = ([turn[place] for turn in turns] for place in range(3))
    between = [(before + after) / 2 for before, after in zip(first, second, strict=True)]
    ratio = median(our / bare_s for our, bare_s in zip(trainer, between, strict=True))
    noise = median(max(one / other, other / one) for one, other in zip(first, second, strict=True))
    added_us = median(our - bare_s for our, bare_s in zip(trainer, between, strict=True)) * 1e6
    print(
        f"hidden {hidden}, batch {batch_size}: bare {median(between) * 1e3:.3f} ms, "
        f"ours {median(trainer) * 1e3:.3f} ms, ratio {ratio:.3f} (aim <= {aim}), "
        f"added {added_us:.1f} us, A/A {noise:.3f}"
    )


def first_step(folder: Path) -> None:
    """Prints how long a job takes from the supervisor's hands to its first step, warm."""
    processes = TrainerProcesses()
    times = []
    for number in range(6):
        scratch = folder / f"first-{number}"
        scratch.mkdir()
        control = Control.create(scratch / "control", deadline=float("inf"))
        job = TrainerJob(
            execution="sequential",
            members=(JobMember(run=a_run(8), checkpoints=(), scratch=scratch),),
            device=Device(kind="cpu", name="CPU", memory_bytes=2**30),
            visible_devices="",
            versions="",
            places=DataPlaces(cache_dir=folder / "cache"),
            lock_dir=folder,
            checkpoint_every_s=3600.0,
        )
        (scratch / "job.json").write_text(json.dumps(encode(job)))
        began = time.monotonic()
        processes.start(scratch / "job.json")
        while control.step == 0:
            time.sleep(0.001)
        times.append(time.monotonic() - began)
        (started,) = processes.wait(10)
        processes.signal(started.pid, 9)
        processes.wait(10)
    processes.close()
    print(
        f"start to first step, warm: median {median(times[1:]):.3f} s, "
        f"longest {max(times[1:]):.3f} s (aim <= 0.5)"
    )


def main() -> None:
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, one thread, {TURNS} turns of each loop")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compare(folder, hidden=64, batch_size=16, steps=270, aim=1.10)
        compare(folder, hidden=600, batch_size=128, steps=18, aim=1.02)
        first_step(folder)


if __name__ == "__main__":
    main()
