"""An attempt that a supervisor holds: its reports, and what is wanted of it."""

import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from planner.devices.shared_time import SharedTime
from planner.exchange.work import BeatCommand, CheckpointRecord, ClaimedRun, Finish, Outcome
from planner.pilots.divergence import NextAttempt, RolledBack
from worker.control import Control
from worker.job import JobMember, LocalCheckpoint
from worker.spool import SpoolBroken, SpoolReader, Stopped
from worker.supervising.store import CheckpointRefused, Store
from worker.supervising.trainer_log import TrainerLog

OUTCOMES: dict[BeatCommand, Outcome] = {"cancel": "cancelled", "pause": "paused", "cap": "capped"}
"""What a run becomes whose trainer left because of a command."""


def not_begun(run: ClaimedRun, reason: str, *, outcome: Outcome = "released") -> Finish:
    """The end of an attempt that no trainer was started for: its run stays where it was."""
    step = max((record.step for record in run.checkpoints), default=0)
    return Finish(outcome=outcome, step=step, wall_clock_s=0.0, final_metrics={}, reason=reason)


class HeldRun:
    """One attempt from its claim to its end.

    Attributes:
        run: As claimed, with the attempt's token.
        token: The claim's; every beat carries it.
        scratch: Folder of this attempt alone.
        control: What trainer and supervisor share.
        spool: What the trainer has to say.
        log: What the trainer prints.
        log_due: Monotonic second before which no lines of it are sent.
        log_misses: Tries in a row to send its end that failed.
        command: Last answer to a beat.
        given_back: Message key that says why this worker releases the run; empty if it does not.
        fenced: Whether the attempt belongs to somebody else: nothing of it is wanted.
        finished: Whether the API knows the attempt's outcome.
        asked_at: Monotonic second at which the attempt was asked to leave.
        overdue: Whether the API was told its outcome because it did not leave in time.
        upload: Of the checkpoint that it reported last, while that is on its way to the store.
    """

    def __init__(
        self,
        run: ClaimedRun,
        *,
        token: int,
        scratch: Path,
        log_file: Path,
        device: SharedTime,
        deadline: float,
    ) -> None:
        self.run = run
        self.token = token
        self.scratch = scratch
        self.control = Control.create(scratch / "control", deadline=deadline)
        self.spool = SpoolReader(scratch / "spool")
        self.log = TrainerLog(log_file)
        self.log_due = 0.0
        self.log_misses = 0
        self.command: BeatCommand = "continue"
        self.given_back = ""
        self.fenced = False
        self.finished = False
        self.asked_at: float | None = None
        self.overdue = False
        self.upload: Future[None] | None = None
        self._device = device
        device.join(run.run_id, now_s=time.monotonic())

    def go_on(self, opened: NextAttempt) -> None:
        """The trainer went back after a divergence, and goes on as the next attempt."""
        self.run = replace(self.run, attempt=opened.attempt, attempt_token=opened.attempt_token)
        self.log.begin_anew()
        now = time.monotonic()
        self._device.leave(self.run.run_id, now_s=now)
        self._device.join(self.run.run_id, now_s=now)

    def give_up(self) -> None:
        """The attempt belongs to somebody else, for good; any thread may find out."""
        self.fenced = True
        self.control.fence()

    def give_back(self, reason: str) -> None:
        """This worker cannot go on with a run that nobody wants to end: it is released."""
        self.given_back = self.given_back or reason

    def extend(self, deadline: float) -> None:
        """The trainer may go on for longer, unless another thread has given the attempt up."""
        self.control.extend(deadline)
        if self.fenced:
            self.control.fence()

    @property
    def over(self) -> bool:
        """Whether nothing of the attempt is wanted any more."""
        return self.fenced or self.finished

    def is_still_there(self) -> bool:
        """Whether an overdue attempt has not said its last word; what it says is not wanted."""
        with suppress(SpoolBroken):
            while self.overdue and (report := self.spool.peek()) is not None:
                self.overdue = not isinstance(report, Finish | Stopped)
                self.spool.acknowledge()
        return self.overdue

    @property
    def is_to_leave(self) -> bool:
        """Whether the attempt is to end before its run does."""
        return self.over or self.outcome is not None

    @property
    def wants_its_checkpoint(self) -> bool:
        """Whether anybody may go on from the checkpoint that was reported last.

        Nobody does from one of a cancelled run. Of another that is to leave only the last one is
        wanted, for there is little time. Of all others each is: where deliveries stay behind, the
        last one is always yet to come.
        """
        if not self.is_to_leave:
            return True
        is_last = not self.spool.waits_behind(CheckpointRecord, before=RolledBack)
        return is_last and self.outcome != "cancelled"

    @property
    def outcome(self) -> Outcome | None:
        """What the run becomes if its trainer left without an outcome of its own."""
        return OUTCOMES.get(self.command, "released" if self.given_back else None)

    def finish_at(self, step: int, *, wall_clock_s: float) -> Finish:
        """The end of an attempt that left because it was asked to, or for no known reason."""
        outcome = self.outcome or "failed"
        return Finish(
            outcome=outcome,
            step=step,
            wall_clock_s=wall_clock_s,
            final_metrics={},
            reason=self.given_back if outcome == "released" else "",
        )

    def cut_off(self) -> Finish:
        """The end of an attempt whose trainer was killed: it stands where it was last seen."""
        return self.finish_at(self._last_seen, wall_clock_s=self.held_s)

    def lost(self, reason: str) -> Finish:
        """The end of an attempt whose trainer somebody else killed: the run goes on elsewhere."""
        return Finish(
            outcome="lost",
            step=self._last_seen,
            wall_clock_s=self.held_s,
            final_metrics={},
            reason=reason,
        )

    @property
    def _last_seen(self) -> int:
        return max(self.control.step, *(record.step for record in self.run.checkpoints), 0)

    @property
    def held_s(self) -> float:
        """Seconds of the attempt since its claim; in a bundle, this run's part of them."""
        return self._device.part_s(self.run.run_id, now_s=time.monotonic())

    def member(self, store: Store) -> JobMember:
        """What the trainer needs of this attempt, which is everything but the token."""
        return JobMember(
            run=replace(self.run, attempt_token=""),
            checkpoints=self._fetch_checkpoints(store),
            scratch=self.scratch,
        )

    def close(self) -> None:
        """Lets go of its files; the trainer is gone."""
        self.spool.close()
        self.log.close()
        self.control.close()

    def _fetch_checkpoints(self, store: Store) -> tuple[LocalCheckpoint, ...]:
        """The checkpoints of earlier attempts that the store still has, newest first."""
        found: list[LocalCheckpoint] = []
        for number, record in enumerate(self.run.checkpoints):
            folder = self.scratch / "earlier" / str(number)
            try:
                is_there = store.get(record.path, folder)
            except CheckpointRefused:
                if not found:
                    raise
                break  # a newer one is here: this one would only be to fall back to
            if is_there:
                found.append(
                    LocalCheckpoint(
                        step=record.step,
                        folder=folder,
                        sha256=record.sha256,
                        size_bytes=record.size_bytes,
                    )
                )
        return tuple(found)
