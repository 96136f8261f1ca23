"""One installation for the faults of runs: an API, and one worker with plug-ins that misbehave."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.programs import ApiProcess, WorkerProcess, a_worker, an_api, wait_until
from tests.support import hungry_plug_in, prying_plug_in, stuck_plug_in
from tests.support.hungry_plug_in import HungryPlugIn
from tests.support.prying_plug_in import PryingPlugIn
from tests.support.stuck_plug_in import StuckPlugIn

NAMES = {hungry_plug_in.NAME, prying_plug_in.NAME, stuck_plug_in.NAME}

SECRETS = {
    name: f"secret of {name}"
    for name in (
        "PAYBATCH_DATABASE_URL",
        "PAYBATCH_ADMIN_TOKEN",
        "PAYBATCH_REGISTRATION_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "HTTPS_PROXY",
        "PGPASSWORD",
    )
}
"""What a worker's environment may hold and no plug-in is to see."""

MEMORY_GIB = 2

FOR_PLUG_INS = {"WORKLOAD_DATA": "/srv/data"}


@dataclass(frozen=True)
class Laboratory:
    """Real programs, and what tests need of them.

    Attributes:
        site: Folder with the plug-ins; whoever can import from it was started from here.
    """

    api: ApiProcess
    worker: WorkerProcess
    site: Path
    stuck: StuckPlugIn
    prying: PryingPlugIn
    hungry: HungryPlugIn


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    folder = tmp_path_factory.mktemp("laboratory")
    site = folder / "site"
    site.mkdir()
    stuck = StuckPlugIn(site, folder / "marks")
    prying = PryingPlugIn(site, folder)
    hungry = HungryPlugIn(site, folder, limit_gib=MEMORY_GIB)
    paths = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    with (
        an_api(folder) as api,
        a_worker(
            api,
            folder / "worker",
            environment={"PYTHONPATH": paths} | SECRETS | FOR_PLUG_INS,
            options=("--memory-gib", str(MEMORY_GIB)),
        ) as worker,
    ):
        wait_until(
            lambda: {one["workload"]["name"] for one in known(api)} >= NAMES,
            what="the report of the plug-ins",
        )
        yield Laboratory(
            api=api, worker=worker, site=site, stuck=stuck, prying=prying, hungry=hungry
        )


@pytest.fixture
def laboratory(programs: Laboratory) -> Iterator[Laboratory]:
    """The programs, with nothing queued before or after the test."""
    yield programs
    programs.stuck.let_go()
    programs.api.cancel_everything()


def known(api: ApiProcess) -> list[dict[str, dict[str, str]]]:
    workloads: list[dict[str, dict[str, str]]] = api.get("/api/workloads")
    return workloads
