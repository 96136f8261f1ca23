"""How long a checkpoint holds up training, against ``torch.save`` of the same state.

Wall time, with the trainer's own save: series handed over, state copied, and a thread that writes
it, makes it last (fsync), hashes and reports it. ``torch.save`` makes nothing last. *Blocked* is
the time until training may go on; *in all* also counts what the steps that follow, while the
thread is at work, take longer than they do otherwise.
"""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import Tensor

from benchmarks.turns import take_turns
from benchmarks.worker_loops import SMALL, Loop, WideDigits, our_loop, our_training
from planner.exchange.series import SeriesChunk
from planner.schedules.batch_size import BatchSize
from worker.training.member import Member
from worker.training.run_context import RunContext

AIM = 0.3
BATCH_SIZE = 8
STEPS_AT_ONCE = 8

AS_LARGE_AS_RESNET18 = 3300
"""Hidden units that make 11.1 million parameters."""


class OnDemand(RunContext):
    """A checkpoint is due whenever the benchmark looks; the last one's state is kept at hand."""

    checkpoint_due = True
    saved: tuple[Mapping[str, Tensor], Callable[[], Mapping[str, Any]]]

    def wants_attention(self, step: int) -> bool:
        return super().wants_attention(step) or step % STEPS_AT_ONCE == 0

    def save_checkpoint(
        self,
        step: int,
        *,
        tensors: Mapping[str, Tensor],
        state: Callable[[], Mapping[str, Any]],
        series: Sequence[Callable[[], SeriesChunk]] = (),
    ) -> None:
        self.saved = (tensors, state)
        super().save_checkpoint(step, tensors=tensors, state=state, series=series)


class Saving:
    """A way to save, and how long it blocked each time."""

    def __init__(self, save: Callable[[], None], loop: Loop, steps: int) -> None:
        self._save = save
        self._loop = loop
        self._steps = steps
        self.blocked_s: list[float] = []

    def and_go_on(self) -> float:
        """Saves and takes the steps that follow; seconds of both."""
        self._loop(STEPS_AT_ONCE)
        began = time.perf_counter()
        self._save()
        self.blocked_s.append(time.perf_counter() - began)
        self._loop(self._steps)
        return time.perf_counter() - began


def compare(folder: Path, *, hidden: int, steps: int, turns: int) -> None:
    """Prints what both ways take.

    Args:
        folder: For everything that is written.
        hidden: Units of the two hidden layers.
        steps: That together take longer than the thread needs to write.
        turns: Checkpoints each way.
    """
    batch_size = BatchSize(initial=BATCH_SIZE)
    context, bundle = our_training(WideDigits(hidden), folder, batch_size, OnDemand)
    loop = our_loop(context, bundle)
    save = partial(bundle.each, Member.save_when_due)
    ours = Saving(save, loop, steps)
    loop(STEPS_AT_ONCE)
    save()
    tensors, state = context.saved
    peer_state = {**tensors, **state()}
    theirs = Saving(lambda: torch.save(peer_state, folder / "peer.pt"), loop, steps)
    taken = take_turns(
        lambda: _seconds(loop, steps),
        {"ours": ours.and_go_on, "theirs": theirs.and_go_on},
        turns=turns,
    )
    context.close()
    size_mib = (folder / "peer.pt").stat().st_size / 2**20
    blocked, their_blocked = median(ours.blocked_s), median(theirs.blocked_s)
    print(
        f"checkpoint of {size_mib:.1f} MiB: blocked {blocked * 1e3:.2f} ms, torch.save "
        f"{their_blocked * 1e3:.2f} ms, ratio {blocked / their_blocked:.2f} (aim <= {AIM}); in all "
        f"{taken.added_s('ours') * 1e3:.2f} ms and {taken.added_s('theirs') * 1e3:.2f} ms, A/A of "
        f"the steps between {taken.noise_s * 1e3:.2f} ms",
        flush=True,
    )


def _seconds(loop: Loop, steps: int) -> float:
    began = time.perf_counter()
    loop(steps)
    return time.perf_counter() - began


def compare_all(folder: Path) -> None:
    """A small model, and one as large as a ResNet-18."""
    compare(folder, hidden=SMALL, steps=40, turns=25)
    compare(folder, hidden=AS_LARGE_AS_RESNET18, steps=24, turns=7)
    for scratch in folder.glob("trainer-*/checkpoints"):
        shutil.rmtree(scratch)
