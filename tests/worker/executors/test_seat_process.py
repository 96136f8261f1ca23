"""The worker's program in a seat and its line to it, without the cluster: a real API answers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.programs import ApiProcess, an_api
from worker.codec import encode
from worker.executors.ray.seat_process import RANK_HOST_PROGRAM, SEAT_PROGRAM, SeatProcess
from worker.settings import RankHosts, WorkerSettings

LIE = '{"offer": {"workloads": ["a lie"], "device": "none", "store_url": "nowhere"}}'
"""What looks like an offer of a worker, and is none."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
    with an_api(tmp_path_factory.mktemp("installation")) as api:
        yield api


def a_seat(api: ApiProcess, folder: Path, *, rank_hosts: RankHosts | None = None) -> SeatProcess:
    settings = WorkerSettings(
        api_url=api.url,
        registration_token=api.credentials.registration_token,
        data_dir=folder / "data",
        name="a seat",
        lock_dir=folder,
        rank_hosts=rank_hosts,
    )
    return SeatProcess(SEAT_PROGRAM, encode(settings))


def test_what_a_library_prints_is_no_offer(
    api: ApiProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    # Python imports a module of this name before anything else.
    (library / "sitecustomize.py").write_text(f"print({LIE!r}, flush=True)")
    monkeypatch.setenv("PYTHONPATH", str(library))
    seat = a_seat(api, tmp_path)
    offer = next(seat.says())["offer"]
    seat.release()
    assert seat.wait() == 0
    assert "digits-mlp" in offer["workloads"]
    assert offer["store_url"] == f"file://{tmp_path / 'data' / 'store'}"
    assert LIE in capfd.readouterr().out


def test_a_worker_that_has_no_run_leaves_when_its_seat_has_enough(
    api: ApiProcess, tmp_path: Path
) -> None:
    seat = a_seat(api, tmp_path)
    says = seat.says()
    next(says)
    seat.retire()
    assert list(says) == []
    assert seat.wait() == 0


def test_a_worker_says_what_its_rank_host_is_told_and_waits_for_it(
    api: ApiProcess, tmp_path: Path
) -> None:
    hosts = RankHosts(address="127.0.0.1", secret="a secret of this seat", devices=(1,))
    seat = a_seat(api, tmp_path, rank_hosts=hosts)
    says = seat.says()
    (order,) = next(says)["hosts_may_come"]
    assert (order["number"], order["address"], order["cpu_processes"]) == (0, "127.0.0.1", 1)
    assert api.credentials.registration_token not in json.dumps(order)
    host = SeatProcess(RANK_HOST_PROGRAM, order)
    assert "digits-mlp" in next(says)["offer"]["workloads"]
    seat.retire()
    assert list(says) == []
    assert (seat.wait(), host.wait()) == (0, 0)
