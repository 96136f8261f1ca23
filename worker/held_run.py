"""The attempt that a supervisor holds: its claim, its trainer, and what is wanted of it."""

import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

from planner.work import BeatCommand, ClaimedRun, Outcome, WorkerRegistration
from worker.codec import encode
from worker.control import Control
from worker.job import JobMember, LocalCheckpoint, TrainerJob
from worker.settings import WorkerSettings
from worker.spool import SpoolReader
from worker.store import Store
from worker.trainer_log import TrainerLog

OUTCOMES: dict[BeatCommand, Outcome] = {"cancel": "cancelled", "pause": "paused", "cap": "capped"}
"""What a run becomes whose trainer left because of a command."""


class HeldRun:
    """One attempt from its claim to its end.

    Attributes:
        run: As claimed, with the attempt's token.
        token: The claim's; every beat carries it.
        scratch: Folder of this attempt alone.
        control: What trainer and supervisor share.
        spool: What the trainer has to say.
        job_file: What the trainer is started with.
        log: What the trainer prints.
        log_due: Monotonic second before which no lines of it are sent.
        log_misses: Tries in a row to send its end that failed.
        command: Last answer to a beat.
        fenced: Whether the attempt belongs to somebody else: nothing of it is wanted.
        pid: Of the trainer; None until it lives.
        ended: Whether the trainer is gone.
        finished: Whether the API knows the attempt's outcome.
        asked_at: Monotonic second at which the trainer was asked to leave.
    """

    def __init__(self, run: ClaimedRun, *, token: int, scratch: Path, deadline: float) -> None:
        self.run = run
        self.token = token
        self.scratch = scratch
        self.control = Control.create(scratch / "control", deadline=deadline)
        self.spool = SpoolReader(scratch / "spool")
        self.job_file = scratch / "job.json"
        self.log = TrainerLog(scratch / "trainer.log")
        self.log_due = 0.0
        self.log_misses = 0
        self.command: BeatCommand = "continue"
        self.fenced = False
        self.pid: int | None = None
        self.ended = False
        self.finished = False
        self.asked_at: float | None = None
        self._held_since = time.monotonic()

    def give_up(self) -> None:
        """The attempt belongs to somebody else, for good; any thread may find out."""
        self.fenced = True
        self.control.fence()

    def extend(self, deadline: float) -> None:
        """The trainer may go on for longer, unless another thread has given the attempt up."""
        self.control.extend(deadline)
        if self.fenced:
            self.control.fence()

    @property
    def outcome(self) -> Outcome | None:
        """What the run becomes if its trainer left without an outcome of its own."""
        return OUTCOMES.get(self.command)

    @property
    def held_s(self) -> float:
        """Seconds since the claim."""
        return time.monotonic() - self._held_since

    def write_job(
        self, settings: WorkerSettings, registration: WorkerRegistration, store: Store
    ) -> None:
        """Writes down what the trainer needs, which is everything but the token."""
        _, _, index = settings.device.partition(":")
        member = JobMember(
            run=replace(self.run, attempt_token=""),
            checkpoints=self._fetch_checkpoints(store),
            scratch=self.scratch,
        )
        job = TrainerJob(
            execution="sequential",
            members=(member,),
            device=registration.device,
            visible_devices=index,
            versions=registration.versions,
            places=settings.places,
            lock_dir=settings.lock_dir,
            checkpoint_every_s=settings.checkpoint_every_s,
            compiles=settings.compiles,
        )
        self.job_file.write_text(json.dumps(encode(job)))

    def close(self) -> None:
        """Lets go of everything; the trainer is gone."""
        self.spool.close()
        self.log.close()
        self.control.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _fetch_checkpoints(self, store: Store) -> tuple[LocalCheckpoint, ...]:
        """The checkpoints of earlier attempts that the store still has, newest first."""
        found = []
        for number, record in enumerate(self.run.checkpoints):
            folder = self.scratch / "earlier" / str(number)
            if store.get(record.path, folder):
                found.append(LocalCheckpoint(step=record.step, folder=folder, sha256=record.sha256))
        return tuple(found)
