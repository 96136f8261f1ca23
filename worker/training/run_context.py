"""All that a trainer sees of the world: its run, its lease, and where reports go."""

import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor

from planner.exchange.series import SeriesChunk
from planner.exchange.work import CheckpointRecord, ClaimedRun, Finish
from planner.pilots.divergence import Rollback, RolledBack
from worker.control import Control
from worker.job import LocalCheckpoint
from worker.spool import Report, SpoolWriter, Stopped
from worker.training import checkpoint
from worker.training.checkpoint import Saved
from worker.training.checkpoint_writer import CheckpointWriter
from worker.training.clock import Clock
from worker.training.diary import Diary
from worker.training.ranks import ALONE, Ranks

REPORT_EVERY_S = 2.0
"""Longest time that a measurement stays in the trainer, unless a single step takes longer."""

SPOOL = "spool"
"""File in an attempt's folder that its supervisor reads."""

_PARKED_CHECK_S = 0.05

log = logging.getLogger(__name__)


class Fenced(Exception):
    """The attempt is no longer ours: whatever it would still write is not wanted."""


class RunContext:
    """One attempt's run, its place to work, and the way to say what happened.

    Attributes:
        run: What is to be trained; its attempt token is blank.
        attempt: Number of this execution.
        ranks: The processes that train the run, this one among them.
        device: As torch names it.
        compiles: Whether forward and backward passes are compiled.
        clock: What the attempt has cost since its first step.
        over: Whether the last word was said, or nobody wants to hear one.
        broke_off: Whether it is over for a reason that other ranks do not know by themselves.
        rank_lost: Whether it is over because another rank is gone.
    """

    def __init__(
        self,
        run: ClaimedRun,
        *,
        scratch: Path,
        checkpoints: tuple[LocalCheckpoint, ...] = (),
        device: str = "cpu",
        checkpoint_every_s: float = 30.0,
        compiles: bool = False,
        ranks: Ranks = ALONE,
    ) -> None:
        self.run = run
        self.attempt = run.attempt
        self.ranks = ranks
        self.device = device
        self.compiles = compiles
        self.clock = Clock()
        self.over = self.broke_off = self.rank_lost = False
        self._saved_in = scratch / "checkpoints"
        self._checkpoints = checkpoints
        self._control = Control(scratch / "control")
        self._spool = SpoolWriter(scratch / self._spool_name, give_up=self._nobody_waits)
        self._writer = CheckpointWriter()
        self._diary = Diary(run, device=_named(device, ranks.count))
        self._checkpoint_every_s = checkpoint_every_s
        self._next_checkpoint = time.monotonic() + checkpoint_every_s
        self._next_report = time.monotonic() + REPORT_EVERY_S
        self._stop_asked = False

    @property
    def _spool_name(self) -> str:
        """File in the attempt's folder in which it says something."""
        return SPOOL

    def close(self) -> None:
        """Lets go of its files, once the last checkpoint is written."""
        self._writer.close()
        self._spool.close()
        self._control.close()

    @property
    def step(self) -> int:
        """Steps that are done, as last noted."""
        return self._control.step

    def resume_at(self, step: int) -> None:
        """Notes where the attempt starts, before its first step."""
        self._control.step = step

    @property
    def wall_clock_s(self) -> float:
        """Seconds since the attempt's first step; the share of them that a bundle's member has."""
        return self.clock.seconds()

    def ask_to_stop(self) -> None:
        """The trainer is to leave at the next step boundary.

        Called by a signal handler, hence no Event: setting one while the same thread waits for it
        can lock up.
        """
        self._stop_asked = True

    def should_stop(self) -> bool:
        """Whether somebody asked the trainer, or this attempt of it, to leave."""
        return self._stop_asked or self._control.stop_asked

    @property
    def is_wanted(self) -> bool:
        """Whether nobody asked this attempt to leave, and it is still ours."""
        return not (self.should_stop() or self._control.fenced)

    def _nobody_waits(self) -> bool:
        """Whether what does not fit on the disk need not be said any more."""
        return self.should_stop() or self._control.fenced

    def wants_attention(self, step: int) -> bool:
        """Notes that ``step`` steps are done; whether anything but the next step is due.

        Cheap enough for every step.
        """
        now = time.monotonic()
        return (
            self._control.calls_after(step, now=now)
            or now > self._next_report
            or now > self._next_checkpoint
            or self._stop_asked
        )

    def wait_for_lease(self) -> None:
        """Parks, with everything in memory, while the lease may belong to somebody else.

        Returns at once when there is nothing to wait for, or when a stop is asked: what is
        written then lies in this attempt's own place and disturbs nobody.

        Raises:
            Fenced: The lease does belong to somebody else.
        """
        if self._control.past_deadline:
            log.info("parked at step %d", self._control.step)
        while not self._control.fenced:
            if self.should_stop() or not self._control.past_deadline:
                return
            threading.Event().wait(_PARKED_CHECK_S)
        raise Fenced

    def asked_to_leave(self) -> bool:
        """Waits for the lease where that is needed; whether somebody asked to stop.

        Raises:
            Fenced: The lease belongs to somebody else.
        """
        self.wait_for_lease()
        return self.should_stop()

    @property
    def report_due(self) -> bool:
        """Whether measurements have waited long enough."""
        return time.monotonic() > self._next_report

    @property
    def checkpoint_due(self) -> bool:
        """Whether the last checkpoint is too old."""
        return time.monotonic() > self._next_checkpoint

    def report(self, report: Report) -> None:
        """Says something; it arrives in order, however long the API is away.

        The last word of an attempt waits for its last checkpoint.

        Raises:
            OSError: That checkpoint could not be written, and not for want of room.
        """
        if isinstance(report, Finish | Stopped):
            self._writer.wait()
            self.over = True
            self.broke_off = isinstance(report, Finish) and report.outcome == "failed"
        self._writer.wait_for_first()
        self._say(report)

    def roll_back(self, back: Rollback) -> None:
        """The attempt ends at a divergence; what is said from now on is of the next one.

        Raises:
            OSError: The checkpoint before this could not be written.
        """
        self._writer.wait()
        self.report(RolledBack(rollback=back, wall_clock_s=self.wall_clock_s))
        self.attempt += 1
        self.run = dataclasses.replace(
            self.run, attempt=self.attempt, rollbacks=(*self.run.rollbacks, back)
        )
        self.clock.restart()
        self.resume_at(back.to_step)

    def latest_checkpoint(
        self, is_ours: Callable[[int, Mapping[str, Tensor], Mapping[str, Any]], bool]
    ) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """The newest checkpoint that is whole; None if there is none to start from.

        Args:
            is_ours: Whether the run can go on from a step with these tensors and this state.
        """
        for candidate in self._checkpoints:
            try:
                tensors, state = checkpoint.load(
                    candidate.folder, sha256=candidate.sha256, size_bytes=candidate.size_bytes
                )
                if not is_ours(candidate.step, tensors, state):
                    raise checkpoint.CheckpointBroken("it is of something else")
                return tensors, state
            except checkpoint.CheckpointBroken as broken:
                log.warning("checkpoint of step %d is passed over: %s", candidate.step, broken)
        return None

    def save_checkpoint(
        self,
        step: int,
        *,
        tensors: Mapping[str, Tensor],
        state: Callable[[], Mapping[str, Any]],
        series: Sequence[Callable[[], SeriesChunk]] = (),
    ) -> None:
        """Saves a state that a later attempt may start from, and reports it once it is on disk.

        Training waits only for a copy in memory.

        Args:
            step: Steps done.
            tensors: By name; on any device.
            state: Makes everything else, JSON values only, in another thread and later: it reads
                nothing that training changes.
            series: Whatever was measured up to ``step`` and not reported yet: it is reported
                first, for an attempt that starts from here measures only what comes after.

        Raises:
            OSError: The checkpoint before this one could not be written.
        """
        self._next_checkpoint = time.monotonic() + self._checkpoint_every_s
        self._writer.write(
            self._saved_in / f"a{self.attempt}/step-{step}",
            tensors=tensors,
            state=state,
            first=partial(self._say_all, series),
            saved=partial(self._report_checkpoint, step),
        )

    def lose_rank(self) -> None:
        """Another rank is gone, and the attempt with it: nothing more is said."""
        self.over = self.rank_lost = True

    def leave(self) -> None:
        """The attempt is somebody else's: nothing more is said."""
        self.over = self.broke_off = True

    def give_up_checkpoint(self) -> None:
        """The attempt failed: nobody waits for a checkpoint, nor for what went wrong with it."""
        self._writer.close()

    def _say_all(self, series: Sequence[Callable[[], SeriesChunk]]) -> None:
        """Called by the writer's thread; whatever else is reported waits for it."""
        for make in series:
            self._say(make())

    def _say(self, report: Report) -> None:
        now = time.monotonic()
        for line in self._diary.lines(report, now=now):
            log.info("%s", line)
        self._spool.append(report)
        self._next_report = now + REPORT_EVERY_S

    def _report_checkpoint(self, step: int, saved: Saved) -> None:
        """Called by the writer's thread; measurements do not wait longer because of it."""
        self._spool.append(
            CheckpointRecord(
                step=step,
                path=f"{self.run.run_id}/{saved.folder.parent.name}/{saved.folder.name}",
                sha256=saved.sha256,
                size_bytes=saved.size_bytes,
            )
        )


def _named(device: str, count: int) -> str:
    return device if count == 1 else f"{count} x {device}"
