"""Workers that come under one name, and workers that go: each is counted as what it is."""

from planner.bounds import LONGEST_NAME
from planner.exchange.work import Beat
from tests.support.bundled_pilots import TEN, claimed, create
from tests.support.installation import Api, StillClock
from tests.support.planted_worker import PlantedWorker, post


def shown(api: Api) -> list[str]:
    return sorted(one["name"] for one in api.get("/api/workers").json())


def goodbye(worker: PlantedWorker) -> None:
    path = f"/api/workers/{worker.welcome.worker_id}/beats"
    beat = Beat(runs=(), leaving=True)
    post(worker.http, path, beat, worker.welcome.worker_token).raise_for_status()


def test_a_second_worker_of_one_name_is_numbered_and_told(api: Api) -> None:
    names = [api.worker(name="desk").welcome.name for _ in range(3)]
    assert names == ["desk", "desk (2)", "desk (3)"]
    assert shown(api) == names


def test_a_worker_that_said_goodbye_is_shown_no_more_and_leaves_its_name(api: Api) -> None:
    first = api.worker(name="desk")
    goodbye(first)
    assert shown(api) == []
    assert api.worker(name="desk").welcome.name == "desk"
    first.claim()
    assert shown(api) == ["desk"]


def test_a_worker_that_was_lost_leaves_its_name_after_two_terms(
    api: Api, clock: StillClock
) -> None:
    api.worker(name="desk")
    clock.pass_s(2 * 15 + 1)
    assert api.worker(name="desk").welcome.name == "desk"


def test_a_number_fits_into_the_longest_name(api: Api) -> None:
    longest = "d" * LONGEST_NAME
    api.worker(name=longest)
    numbered = api.worker(name=longest).welcome.name
    assert numbered == "d" * (LONGEST_NAME - 4) + " (2)"


def test_two_workers_of_one_name_share_the_runs_of_a_schedule(api: Api) -> None:
    create(api)
    first, second = api.worker(name="desk"), api.worker(name="desk")
    assert len(claimed(first).runs) == len(TEN) / 2
    assert second.welcome.name == "desk (2)"


def test_a_worker_that_said_goodbye_holds_no_run_of_a_bundle_back(api: Api) -> None:
    create(api)
    first, second = api.worker(name="one"), api.worker(name="two")
    goodbye(first)
    assert len(claimed(second).runs) == len(TEN)
