"""A worker whose disk is full claims nothing, and says so where people look."""

from planner.exchange.work import Beat
from tests.support.installation import Api
from tests.support.planted_worker import PlantedWorker, post


def without_room(api: Api) -> list[bool]:
    found = api.get("/api/workers").raise_for_status().json()
    return [worker["disk_full"] for worker in found]


def beat(worker: PlantedWorker, sign: Beat) -> None:
    path = f"/api/workers/{worker.welcome.worker_id}/beats"
    post(worker.http, path, sign, worker.welcome.worker_token).raise_for_status()


def test_a_full_disk_is_shown_until_the_worker_asks_for_work_again(api: Api) -> None:
    worker = api.worker()
    assert worker.claim() is None
    assert without_room(api) == [False]
    beat(worker, Beat(runs=(), disk_full=True))
    assert without_room(api) == [True]
    assert worker.claim() is None
    assert without_room(api) == [False]


def test_of_a_worker_that_is_gone_nobody_knows_whether_there_is_room(api: Api) -> None:
    beat(api.worker(), Beat(runs=(), disk_full=True))
    api.clock.pass_s(2 * api.installation.settings.lease_s + 1)
    assert without_room(api) == [False]
