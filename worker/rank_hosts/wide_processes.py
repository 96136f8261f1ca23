"""Trainers of one computer and of a worker's rank hosts; for their supervisor they are one."""

import json
import logging
import select
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from planner.exchange.work import Finish
from worker.codec import decode, encode
from worker.job import JobMember, LocalCheckpoint, RankPart, TrainerJob
from worker.rank_hosts.rank_host import RankHost
from worker.spool import SpoolWriter
from worker.supervising.trainer_processes import Ended, Event, Started, TrainerProcesses
from worker.training import checkpoint_files
from worker.training.checkpoint_files import STATE, TENSORS, CheckpointBroken

_LOOK_EVERY_S = 0.1

log = logging.getLogger(__name__)


@dataclass
class _WideRun:
    """A run whose ranks are on several computers.

    Attributes:
        member: Its attempt.
        holding: Rank hosts with a part that is not over.
        pid: Of the trainer here, once it lives.
        end: Of the trainer here; told once no rank host holds a part any more.
        lost: Whether a part of another computer ended otherwise than well.
        failures: What ranks of other computers said, by their numbers.
    """

    member: JobMember
    holding: list[RankHost]
    pid: int | None = None
    end: Ended | None = None
    lost: bool = False
    failures: dict[int, Finish] = field(default_factory=dict)


class WideProcesses:
    """A fork server here, and rank hosts beside it; a trainer of few devices is here alone.

    Where a part of a run on another computer ends otherwise than well, the trainer here is killed:
    the attempt is lost, as if a rank of one computer had been killed.
    """

    def __init__(self, hosts: Sequence[RankHost], *, address: str, own_devices: int) -> None:
        """The address is this computer's, where the rank hosts reach it."""
        self._hosts = hosts
        self._address = address
        self._own_devices = own_devices
        self._wide: _WideRun | None = None
        self._local = TrainerProcesses()

    @property
    def server_pid(self) -> int:
        """Process id of the fork server here."""
        return self._local.server_pid

    @property
    def are_whole(self) -> bool:
        """Whether all devices are there that it began with."""
        return not any(host.is_gone for host in self._hosts)

    def start(self, job_file: Path) -> None:
        """Asks for a trainer; `Started` follows.

        Raises:
            ForkServerLost: All trainers here are gone.
            OSError: What it needs could not be written.
        """
        job = decode(TrainerJob, json.loads(job_file.read_text()))
        if job.device_count > self._own_devices:
            self._spread(job, job_file)
        self._local.start(job_file)

    def signal(self, pid: int, number: signal.Signals) -> None:
        """Sends a signal to a trainer here; ranks on other computers follow the first one."""
        self._local.signal(pid, number)

    def wait(self, timeout_s: float) -> list[Event]:
        """What happened to trainers; waits so long for something to happen.

        Raises:
            ForkServerLost: All trainers here are gone.
        """
        until = time.monotonic() + timeout_s
        while not (events := self._happened(max(0.0, until - time.monotonic()))):
            if time.monotonic() >= until:
                break
        return events

    def close(self) -> None:
        """Ends whatever trainer is left, wherever it is; the rank hosts stay."""
        self._local.close()
        wide, self._wide = self._wide, None
        while wide is not None and wide.holding:
            for host in wide.holding:
                host.end()
            there = [host.fileno() for host in wide.holding if not host.is_gone]
            select.select(there, [], [], _LOOK_EVERY_S)
            wide.holding = [host for host in wide.holding if host.news() is None]

    def _happened(self, timeout_s: float) -> list[Event]:
        """What happened, or nothing where rank hosts had nothing to say that concerns anybody."""
        local = self._local.fileno()
        there = [host.fileno() for host in self._hosts if not host.is_gone]
        readable, _, _ = select.select([local, *there], [], [], timeout_s)
        events = self._local.wait(0) if local in readable else []
        return [event for event in events if not self._keeps(event)] + self._hear()

    def _spread(self, job: TrainerJob, job_file: Path) -> None:
        """Gives every computer its part of the ranks, and all of them the same to start from."""
        (member,) = job.members
        found, files = _newest_whole(member.checkpoints)
        own = RankPart(
            first=0,
            count=self._own_devices,
            store_address=self._address,
            store_port=_free_port(self._address),
            own_address=self._address,
        )
        member = replace(member, checkpoints=found)
        job = replace(job, members=(member,), part=own)
        job_file.write_text(json.dumps(encode(job)))
        self._wide = _WideRun(member, [])
        first = own.count
        for host in self._hosts:
            count = min(host.offer.device_count, job.device_count - first)
            if count > 0:
                part = replace(own, first=first, count=count)
                host.begin(replace(job, part=part), files)
                self._wide.holding.append(host)
            first += count

    def _keeps(self, event: Event) -> bool:
        """Whether an event is told later, as the end of a part here is."""
        wide = self._wide
        if wide is None:
            return False
        if isinstance(event, Started):
            wide.pid = event.pid
            self._kill_if_lost(wide)
            return False
        if event.pid != wide.pid:
            return False
        wide.end = event
        for host in wide.holding:
            host.end()
        return True

    def _hear(self) -> list[Event]:
        """What rank hosts have to say; the end of a run that no computer holds any more."""
        wide = self._wide
        for host in self._hosts:
            ended = host.news()
            if wide is None or ended is None:
                continue
            wide.holding.remove(host)
            wide.failures |= ended.failures
            if not ended.well:
                log.warning("the ranks on rank host %d did not come to their end", host.number)
                wide.lost = True
                self._kill_if_lost(wide)
        if wide is None or wide.end is None or wide.holding:
            return []
        self._wide = None
        return [_told(wide, wide.end)]

    def _kill_if_lost(self, wide: _WideRun) -> None:
        if wide.lost and wide.pid is not None and wide.end is None:
            self._local.signal(wide.pid, signal.SIGKILL)


def _told(wide: _WideRun, end: Ended) -> Ended:
    """The end of the whole run, with what one of its ranks said that does not report."""
    try:
        if wide.failures:
            with closing(SpoolWriter(wide.member.scratch / "spool", give_up=lambda: True)) as spool:
                spool.append(wide.failures[min(wide.failures)])
    except OSError:
        log.exception("why a rank failed cannot be written down")
    return replace(end, exit_code=-signal.SIGKILL) if wide.lost else end


def _newest_whole(
    checkpoints: Sequence[LocalCheckpoint],
) -> tuple[tuple[LocalCheckpoint, ...], dict[str, bytes]]:
    """The checkpoint that all ranks start from, if there is one, and its files by name."""
    for one in checkpoints:
        try:
            tensors, state = checkpoint_files.read(
                one.folder, sha256=one.sha256, size_bytes=one.size_bytes
            )
        except CheckpointBroken as broken:
            log.warning("checkpoint of step %d is passed over: %s", one.step, broken)
        else:
            return (one,), {TENSORS: tensors, STATE: state}
    return (), {}


def _free_port(address: str) -> int:
    """A port of this computer on which nobody listened a moment ago."""
    with socket.create_server((address, 0)) as probe:
        return int(probe.getsockname()[1])
