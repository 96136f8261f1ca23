"""What a worker process says of itself while it lives, and when it goes."""

import signal
from pathlib import Path
from typing import Any

from tests.contract.programs import ApiProcess, a_worker, wait_until
from worker.data.sets import DATA_SETS


def here(api: ApiProcess, name: str) -> dict[str, Any] | None:
    return next((one for one in api.get("/api/workers") if one["name"] == name), None)


def test_a_worker_offers_data_that_were_fetched_after_its_start_and_says_goodbye(
    api: ApiProcess, tmp_path: Path
) -> None:
    """Only whether the files are there decides; they are opened when they are trained on."""
    data = tmp_path / "data"
    data.mkdir()
    with a_worker(api, tmp_path / "fetching", data=data) as worker:
        wait_until(lambda: here(api, "fetching"), what="the worker's registration")
        for file in DATA_SETS["cifar-10"].files:
            (data / file.name).touch()
        wait_until(
            lambda: "cifar10-resnet18" in (here(api, "fetching") or {"workloads": ()})["workloads"],
            what="another registration",
        )
        worker.signal(signal.SIGTERM)
        assert worker.wait() == 0
    assert here(api, "fetching") is None


def test_a_worker_that_has_nothing_to_do_for_long_leaves_by_itself(
    api: ApiProcess, tmp_path: Path
) -> None:
    with a_worker(api, tmp_path / "idle", options=("--idle-s", "0.5")) as worker:
        assert worker.wait() == 0
        assert "this worker leaves" in worker.log
    assert here(api, "idle") is None
