"""What a supervisor holds under one claim: the runs of a bundle, or one run alone."""

import json
import shutil
import signal
import time
from pathlib import Path

from planner.devices.shared_time import SharedTime
from planner.exchange.work import Claim, WorkerRegistration
from worker.codec import encode
from worker.job import TrainerJob
from worker.process_death import is_gone
from worker.settings import WorkerSettings
from worker.supervising.held_run import HeldRun
from worker.supervising.kernel_kills import kernel_kills
from worker.supervising.log_space import LogSpace
from worker.supervising.store import Store


class HeldBundle:
    """A claim from its arrival to the end of its trainer, one process for all its members.

    Attributes:
        members: All runs of the claim, those that are over included.
        job_file: What the trainer is started with.
        pid: Of the trainer; None until it lives.
        ended: Whether the trainer is gone.
        exit_code: Of the trainer, negative when a signal ended it; None where nobody knows.
        asked_at: Monotonic second at which the trainer was asked to leave.
    """

    def __init__(self, claim: Claim, *, folder: Path, deadline: float) -> None:
        self._execution = claim.execution
        self._device_count = claim.device_count
        self._folder = folder
        self._device = SharedTime()
        self.job_file = folder / "job.json"
        self._log_file = folder / "trainer.log"
        self.members = tuple(
            HeldRun(
                run,
                token=claim.token,
                scratch=_made(folder / str(place)),
                log_file=self._log_file,
                device=self._device,
                deadline=deadline,
            )
            for place, run in enumerate(claim.runs)
        )
        self._log_space = LogSpace(self._log_file)
        self.pid: int | None = None
        self.ended = False
        self.exit_code: int | None = None
        self._kernel_kills_before = kernel_kills()
        self.asked_at: float | None = None
        self._is_dying = False

    @property
    def going_on(self) -> list[HeldRun]:
        """Members whose outcome the API does not know yet."""
        return [member for member in self.members if not member.over]

    @property
    def is_to_leave(self) -> bool:
        """Whether no member wants the trainer any more."""
        return all(member.is_to_leave for member in self.members)

    @property
    def why_killed(self) -> str:
        """Message key of who killed a trainer that nobody here did; empty if it was not killed.

        The kernel's count is of the whole group: it may have meant another process.
        """
        if self.exit_code != -signal.SIGKILL:
            return ""
        before, now = self._kernel_kills_before, kernel_kills()
        counted = before is not None and now is not None and now > before
        return "killed_for_memory" if counted else "trainer_killed"

    def lose_fork_server(self) -> None:
        """Whoever started the trainer is gone, and killed it by that, or before it lived."""
        self._is_dying = not self.ended and self.pid is not None
        self.ended = not self._is_dying

    def look_whether_it_died(self) -> None:
        """A killed trainer may still wait for its disk, or give much memory back.

        Nobody knows how one ended that is still there when its lease may have passed.
        """
        if not self._is_dying or self.pid is None:
            return
        if is_gone(self.pid):
            self.exit_code = -signal.SIGKILL
        elif not all(member.control.past_deadline for member in self.members):
            return
        self.ended, self._is_dying = True, False

    def give_back(self, reason: str) -> None:
        """Releases every member that nobody wants to end."""
        for member in self.going_on:
            member.give_back(reason)

    def share_anew(self) -> None:
        """Members that are over hold the device no more; the others share what comes."""
        for member in self.members:
            if member.over:
                self._device.leave(member.run.run_id, now_s=time.monotonic())

    def free_log(self) -> None:
        """Gives back the disk under what every member has read of the trainer's log."""
        self._log_space.free_up_to(min(member.log.position for member in self.members))

    def write_job(
        self, settings: WorkerSettings, registration: WorkerRegistration, store: Store
    ) -> None:
        """Writes down what the trainer needs."""
        is_probe = self.members[0].run.purpose == "probe"
        gpus = settings.gpus if is_probe else settings.gpus[: self._device_count]
        job = TrainerJob(
            execution=self._execution,
            members=tuple(member.member(store) for member in self.members),
            device=registration.device,
            visible_devices=",".join(map(str, gpus)),
            versions=registration.versions,
            places=settings.places,
            lock_dir=settings.lock_dir,
            checkpoint_every_s=settings.checkpoint_every_s,
            compiles=settings.compiles,
            memory_bytes=settings.most_memory_bytes(registration.device),
            probed_devices=settings.own_devices if is_probe else 1,
        )
        self.job_file.write_text(json.dumps(encode(job)))

    def close(self) -> None:
        """Lets go of everything; the trainer is gone."""
        for member in self.members:
            member.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
