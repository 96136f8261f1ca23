"""A rank host that is gone, silent, a stranger or not alike: the run is lost, or never begins."""

import dataclasses
import logging
import os
import signal
import socket
from pathlib import Path

import pytest

from planner.exchange.work import Finish
from tests.support.processes import is_alive, wait_until
from tests.support.rank_hosts import (
    HERE,
    SECRET,
    HostProcess,
    a_host,
    own_offer,
    several_computers,
)
from tests.worker.builders import reports_in
from tests.worker.supervising.jobs import JobFor, end_of
from tests.worker.supervising.spread import begun
from worker.rank_hosts.gathering import HostsMissing, gathered
from worker.rank_hosts.offer import HostOffer, unlike
from worker.settings import RankHosts
from worker.spool import Stopped

SILENCE_S = 8.0


@pytest.mark.parametrize(
    "how", [signal.SIGKILL, pytest.param(signal.SIGSTOP, marks=pytest.mark.slow)]
)
def test_a_rank_host_that_is_killed_or_frozen_costs_the_attempt_and_nothing_else(
    tmp_path: Path, cache_dir: Path, job_for: JobFor, how: signal.Signals
) -> None:
    with several_computers(
        tmp_path, cache_dir=cache_dir, devices=(1,), silence_s=SILENCE_S
    ) as computers:
        folder, pid = begun(computers, job_for, devices=2)
        (host,) = computers.programs
        ranks = host.ranks
        host.signal(how)
        assert end_of(computers.processes, pid) == -signal.SIGKILL
        assert not is_alive(pid)
        assert not any(isinstance(one, Finish | Stopped) for one in reports_in(folder))
        assert not computers.processes.are_whole
        wait_until(lambda: not any(map(is_alive, ranks)), what="the end of its ranks")
        host.signal(signal.SIGCONT)
        assert host.wait() in (0, -signal.SIGKILL)


@pytest.mark.slow
def test_ranks_end_with_the_fork_server_of_their_worker(
    tmp_path: Path, cache_dir: Path, job_for: JobFor
) -> None:
    with several_computers(tmp_path, cache_dir=cache_dir, devices=(1,)) as computers:
        begun(computers, job_for, devices=2)
        (host,) = computers.programs
        ranks = host.ranks
        os.kill(computers.processes.server_pid, signal.SIGKILL)
        computers.processes.close()
        wait_until(lambda: not any(map(is_alive, ranks)), what="the end of its ranks")
        assert computers.processes.are_whole  # another fork server goes on with the rank host
    assert host.wait() == 0


def test_who_does_not_know_the_secret_is_not_let_in(
    tmp_path: Path, cache_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    programs: list[HostProcess] = []

    def start_a_stranger(port: int) -> None:
        settings = a_host(port, 0, tmp_path, cache_dir=cache_dir, devices=1)
        stranger = dataclasses.replace(settings, secret="known to nobody else but me")
        programs.append(HostProcess(stranger))

    expected = RankHosts(address=HERE, secret=SECRET, devices=(1,))
    with (
        caplog.at_level(logging.WARNING),
        gathered(
            expected,
            own_offer(),
            may_come=start_a_stranger,
            leaving=lambda: programs[0].has_ended,
        ) as come,
    ):
        assert come.hosts == ()
    assert "is not let in: it does not know the secret" in caplog.text
    assert programs[0].wait() == 1
    assert "its secret is another one" in programs[0].log
    assert SECRET not in programs[0].log + caplog.text
    programs[0].close()


def test_a_rank_host_that_is_not_alike_is_refused_with_the_reason(
    tmp_path: Path, cache_dir: Path
) -> None:
    own = own_offer()
    other = dataclasses.replace(own, device=dataclasses.replace(own.device, name="Another CPU"))
    with (
        pytest.raises(HostsMissing, match=r"rank host 0 at 127\.0\.0\.1 .* Another CPU.* alike"),
        several_computers(tmp_path, cache_dir=cache_dir, devices=(1,), own=other),
    ):
        pass


def changed(**changes: object) -> HostOffer:
    return dataclasses.replace(own_offer(), **changes)


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        (changed(), ""),
        (changed(workloads=()), ""),
        (changed(device_count=2), "it has 2 devices, and was to have 1"),
        (changed(versions="torch 1.0"), "it has torch 1.0, and its worker "),
    ],
)
def test_alike_are_devices_and_versions(host: HostOffer, reason: str) -> None:
    found = unlike(own_offer(), host, devices=1)
    assert found.startswith(reason)
    assert bool(found) == bool(reason)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"secret": "short"}, "at least 16 characters"),
        ({"devices": ()}, "every rank host must have a device"),
        ({"devices": (2, 0)}, "every rank host must have a device"),
        ({"silence_s": 0.0}, "silence_s must be above zero"),
        ({"address": "node-2"}, "'node-2'"),
        ({"address": "::1"}, "'::1'"),
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, object], reason: str) -> None:
    fine = RankHosts(address=HERE, secret=SECRET, devices=(1,))
    assert SECRET not in repr(fine)
    with pytest.raises(ValueError, match=reason):
        dataclasses.replace(fine, **changes)


def test_rank_hosts_that_do_not_come_are_named() -> None:
    expected = RankHosts(address=HERE, secret=SECRET, devices=(1, 1))
    with (
        pytest.raises(HostsMissing, match=r"rank host 0, 1 did not come within 0.2 s"),
        gathered(
            expected, own_offer(), may_come=lambda _: None, leaving=lambda: False, within_s=0.2
        ),
    ):
        pass


def test_only_what_all_computers_can_train_is_offered(tmp_path: Path, cache_dir: Path) -> None:
    def without_data(port: int) -> None:
        settings = a_host(port, 0, tmp_path, cache_dir=cache_dir, devices=1)
        programs.append(HostProcess(settings))

    programs: list[HostProcess] = []
    expected = RankHosts(address=HERE, secret=SECRET, devices=(1,))
    come = gathered(expected, own_offer(), may_come=without_data, leaving=lambda: False)
    with come as hosts:
        assert hosts.all_reach(("digits-mlp", "on this computer alone")) == ("digits-mlp",)
        assert hosts.all_reach(()) == ()
    assert programs[0].wait() == 0
    programs[0].close()


def test_a_port_that_is_none_of_a_worker_ends_a_rank_host(tmp_path: Path, cache_dir: Path) -> None:
    with socket.create_server((HERE, 0)) as other:
        program = HostProcess(
            a_host(other.getsockname()[1], 0, tmp_path, cache_dir=cache_dir, devices=1)
        )
        connection, _ = other.accept()
        connection.sendall(b'{"hello": "you"}\n')
        assert program.wait() == 1
        connection.close()
    assert "what it says is not understood" in program.log
    program.close()
