"""A rank host's end: the part of a run's ranks that it holds, from the first word to the last."""

import json
import logging
import math
import shutil
import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from planner.exchange.work import Device
from worker.codec import decode, encode
from worker.control import Control
from worker.job import TrainerJob
from worker.rank_hosts.wire import Heard, Wire
from worker.scratch import Scratch
from worker.settings import RankHostSettings
from worker.spool import SpoolBroken, failure_in
from worker.supervising.trainer_processes import Event, Started, TrainerProcesses
from worker.training import checkpoint_files
from worker.training.checkpoint_files import STATE, TENSORS, CheckpointBroken

log = logging.getLogger(__name__)


class _Part:
    """What the worker called by one number.

    Attributes:
        told_to_end: Whether how it ends is of no interest any more.
        is_started: Whether a trainer was asked for.
        pid: Of that trainer, once it lives.
    """

    def __init__(self, number: int, job: TrainerJob, folder: Path) -> None:
        self.number = number
        self.job = job
        self.folder = folder
        self.told_to_end = False
        self.is_started = False
        self.pid: int | None = None


class HeldPart:
    """At most one part at a time; it is started and ended as the worker says."""

    def __init__(
        self,
        settings: RankHostSettings,
        *,
        device: Device,
        own_address: str,
        scratch: Scratch,
        processes: TrainerProcesses,
        wire: Wire,
    ) -> None:
        self._settings = settings
        self._device = device
        self._own_address = own_address
        self._scratch = scratch
        self._processes = processes
        self._wire = wire
        self._part: _Part | None = None

    def obey(self, heard: Heard) -> None:
        """Does what the worker says.

        A part that cannot be prepared has ended otherwise than well: another try may fare better.

        Raises:
            ForkServerLost: All ranks are gone.
        """
        try:
            self._do(heard.message, heard.content)
        except (OSError, CheckpointBroken, ValueError, KeyError, TypeError):
            log.exception("a part of a run cannot be prepared")
            if self._part is None:
                self._wire.say({"ended": heard.message.get("part"), "well": False, "failures": {}})
            self._say_ended(well=False)

    def note(self, event: Event) -> None:
        """Takes in what became of its trainer."""
        part = self._part
        if part is None:
            return
        if isinstance(event, Started):
            part.pid = event.pid
            if part.told_to_end:
                self._processes.signal(event.pid, signal.SIGKILL)
        elif event.pid == part.pid:
            if not part.told_to_end and event.exit_code != 0:
                log.warning("the ranks of a run ended with %d", event.exit_code)
            self._say_ended(well=part.told_to_end or event.exit_code == 0)

    def _do(self, message: Mapping[str, Any], content: bytes) -> None:
        part = self._part
        if "part" in message:
            self._prepare(message["part"], decode(TrainerJob, message["job"]))
        elif "end" in message:
            self._end(message["end"])
        elif part is not None and message.get("of") == part.number:
            name = {TENSORS: TENSORS, STATE: STATE}[message["file"]]
            with (part.folder / "earlier" / name).open("ab") as file:
                file.write(content)
        elif part is not None and message.get("go") == part.number:
            self._start(part)

    def _prepare(self, number: int, sent: TrainerJob) -> None:
        """Makes the part's folder, and the job as it is on this computer."""
        if self._part is not None or sent.part is None:
            raise ValueError("a part beside another one, or a job that is none")
        settings, folder = self._settings, self._scratch.new_folder()
        self._part = part = _Part(number, sent, folder)
        scratch = folder / "0"
        for made in (scratch, folder / "earlier"):
            made.mkdir()
        Control.create(scratch / "control", deadline=math.inf).close()
        (member,) = sent.members
        checkpoints = tuple(
            replace(one, folder=folder / "earlier") for one in member.checkpoints[:1]
        )
        part.job = replace(
            sent,
            members=(replace(member, scratch=scratch, checkpoints=checkpoints),),
            device=self._device,
            visible_devices=",".join(map(str, settings.gpus[: sent.part.count])),
            places=settings.places,
            lock_dir=settings.lock_dir,
            memory_bytes=settings.most_memory_bytes(self._device),
            part=replace(sent.part, own_address=self._own_address),
        )

    def _start(self, part: _Part) -> None:
        """Starts the ranks, once the checkpoint that they start from is known to be whole."""
        for one in part.job.members[0].checkpoints:
            checkpoint_files.read(one.folder, sha256=one.sha256, size_bytes=one.size_bytes)
        job_file = part.folder / "job.json"
        job_file.write_text(json.dumps(encode(part.job)))
        self._processes.start(job_file)
        part.is_started = True

    def _end(self, number: int) -> None:
        part = self._part
        if part is None or part.number != number:
            self._wire.say({"ended": number, "well": True, "failures": {}})
            return
        part.told_to_end = True
        if not part.is_started:
            self._say_ended(well=True)
        elif part.pid is not None:
            self._processes.signal(part.pid, signal.SIGKILL)

    def _say_ended(self, *, well: bool) -> None:
        """The part is over, and nothing of it is left here."""
        part, self._part = self._part, None
        if part is None:
            return
        failures: dict[str, Any] = {}
        for rank in part.job.ranks_here:
            try:
                finish = failure_in(part.folder / "0", rank)
                if finish is not None:
                    failures[str(rank)] = encode(finish)
            except SpoolBroken as broken:
                log.warning("why rank %d failed cannot be read: %s", rank, broken)
        self._wire.say({"ended": part.number, "well": well, "failures": failures})
        shutil.rmtree(part.folder, ignore_errors=True)
