"""A disk that is full: nothing new is begun, what ends or makes room goes on, then all does."""

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from backend.access.security import POLICY, PUBLIC
from backend.database.failures import reason_of
from backend.disk.room import ENDS, FULL_FOR_S, Room
from planner.exchange.states import PilotRequest
from tests.support.app_in_memory import an_api
from tests.support.installation import a_pilot, problem
from tests.support.planted_worker import planted_curve

MIB = 2**20


class Disk:
    """A reserve, and a clock that moves when told."""

    def __init__(self, folder: Path, *, ballast_bytes: int = MIB) -> None:
        self.now_s = 0.0
        self.ballast = folder / "ballast"
        self.room = Room(folder, ballast_bytes=ballast_bytes, monotonic_s=lambda: self.now_s)


def test_the_reserve_takes_its_room_and_gives_it_back_when_a_write_was_refused(
    tmp_path: Path,
) -> None:
    disk = Disk(tmp_path)
    disk.room.look()
    assert disk.ballast.stat().st_blocks * 512 >= MIB
    disk.room.give_up()
    assert not disk.ballast.exists()
    assert disk.room.is_short()


def test_it_is_held_again_when_a_refused_write_is_long_enough_ago(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.room.look()
    disk.room.give_up()
    disk.now_s = FULL_FOR_S - 1
    disk.room.look()
    assert disk.room.is_short()
    disk.now_s = FULL_FOR_S
    disk.room.look()
    assert not disk.room.is_short()
    assert disk.ballast.stat().st_size == MIB


def test_a_reserve_larger_than_the_disk_is_not_laid_down(tmp_path: Path) -> None:
    disk = Disk(tmp_path, ballast_bytes=2**60)
    disk.room.look()
    assert disk.room.is_short()
    assert not disk.ballast.exists()


def test_without_a_reserve_nothing_is_held_back(tmp_path: Path) -> None:
    disk = Disk(tmp_path, ballast_bytes=0)
    disk.room.give_up()
    disk.room.look()
    assert not disk.room.is_short()
    assert disk.room.is_full()
    disk.now_s = FULL_FOR_S
    assert not disk.room.is_full()
    assert list(tmp_path.iterdir()) == []


def test_every_route_that_may_use_the_reserve_is_there() -> None:
    assert set(POLICY) | PUBLIC >= ENDS


def test_while_the_disk_is_full_runs_wait_and_are_cancelled_and_go_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    with an_api(tmp_path, ballast_mib=1, database_url=None) as api:
        pilot = api.create(a_pilot(), throughput=planted_curve())
        api.installation.room.give_up()
        body = PilotRequest(pilot=a_pilot(name="later"))
        refused = api.post("/api/pilots", body, **{"Idempotency-Key": "later"})
        assert problem(refused) == (507, "storage_full", None)
        assert problem(api.get("/api/ready")) == (503, "storage_full", None)
        run = api.runs(pilot.id)[0]
        cancelled = api.post(f"/api/runs/{run.id}:cancel", {"reason": "no room"})
        assert cancelled.json()["status"] == "cancelled"
        assert api.get("/api/pilots").json()["total"] == 1
        api.clock.pass_s(FULL_FOR_S)
        api.installation.room.look()
        assert api.get("/api/ready").status_code == 200
        assert api.post("/api/pilots", body, **{"Idempotency-Key": "later"}).status_code == 201


@pytest.mark.parametrize(
    ("code", "reason"), [(13, "storage_full"), (10, "disk_failed"), (778, "disk_failed")]
)
def test_what_sqlite_says_of_a_disk_that_takes_no_more(code: int, reason: str) -> None:
    failure = type("Failure", (Exception,), {"sqlite_errorcode": code})()
    assert reason_of(OperationalError("", None, failure)) == reason


def test_a_disk_that_takes_a_small_file_is_not_full(tmp_path: Path) -> None:
    assert not Disk(tmp_path).room.takes_no_more()
