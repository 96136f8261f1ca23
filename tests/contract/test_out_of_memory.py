"""Memory that is not enough, in real programs: a curve ends, batches are split, one run fails."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.pilots.pilot import Pilot
from tests.contract.programs import ApiProcess, a_worker, an_api, wait_until
from tests.support.curve_here import curve_here
from tests.support.installation import a_pilot, schedule_data
from tests.support.plug_ins import install
from tests.support.processes import PATIENCE_WITH_A_PROBE_S

NAME = "hungry"
FITS = 32

HUNGRY = f"""
class Hungry(nn.Linear):
    def forward(self, inputs):
        if self.training and len(inputs) > {FITS}:
            torch.empty(2**62, dtype=torch.uint8)
        return super().forward(inputs)

def make_model():
    return Hungry(4, 3)
"""
"""Asks for memory that no computer has, for steps of more than 32 samples."""


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiProcess]:
    """An API whose only worker trains the hungry model."""
    site = tmp_path / "site"
    site.mkdir()
    install(site, HUNGRY, name=NAME)
    paths = [str(site), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    with an_api(tmp_path, lease_s=600) as api, a_worker(api, tmp_path / "worker"):
        wait_until(
            lambda: NAME in {known["workload"]["name"] for known in api.get("/api/workloads")},
            what="the report of the workload",
        )
        yield api


def pilot() -> Pilot:
    """Today's batch fits, the candidate's does not."""
    return a_pilot(
        workload=NAME,
        budget={"epochs": 3},
        schedules=[
            schedule_data("today", role="baseline", batch_size={"initial": 16}),
            schedule_data("larger", batch_size={"initial": 64}),
        ],
    )


@pytest.mark.timeout(900)
def test_what_does_not_fit_is_split_where_it_was_measured_and_fails_alone_where_not(
    api: ApiProcess,
) -> None:
    measured = api.create(pilot(), throughput=None)
    wait_until(
        lambda: api.pilot(measured.id).phase == "done",
        what="the end of the pilot",
        patience_s=PATIENCE_WITH_A_PROBE_S,
    )
    state = api.pilot(measured.id)
    assert state.throughput is not None
    assert state.throughput.memory_limited
    assert state.throughput.points[-1].batch_size == FITS
    assert state.micro_batch_plan is not None
    assert state.micro_batch_plan.largest_micro_batch_size <= FITS
    (probe, *_) = api.runs(measured.id)
    log = api.get(f"/api/runs/{probe.id}/log", search="memory ended")
    assert log["found"] == 1

    trusting = api.create(pilot(), throughput=curve_here(NAME))
    wait_until(
        lambda: all(run.status in ("failed", "succeeded") for run in api.runs(trusting.id)),
        what="the end of every run",
    )
    ends = {
        (run.run.schedule, run.run.seed): (run.status, run.reason) for run in api.runs(trusting.id)
    }
    assert ends == {
        ("today", 11): ("succeeded", ""),
        ("today", 12): ("succeeded", ""),
        ("larger", 11): ("failed", "out_of_memory"),
        ("larger", 12): ("failed", "out_of_memory"),
    }


@pytest.mark.parametrize("victim", ["trainer", "fork_server"])
def test_a_trainer_that_was_killed_is_told_at_once_and_its_run_goes_on(
    tmp_path: Path, victim: str
) -> None:
    with (
        an_api(tmp_path, lease_s=600) as api,
        a_worker(api, tmp_path / "worker") as worker,
    ):
        plan = a_pilot(budget={"epochs": 600}, seeds={"confirmation": [11]})
        pilot = api.create(plan, throughput=curve_here(plan.workload))
        wait_until(lambda: any(run.step for run in api.runs(pilot.id)), what="a first step")
        os.kill(getattr(worker, victim), signal.SIGKILL)
        wait_until(lambda: "run_killed" in events(api, pilot.id), what="what became of it")
        wait_until(lambda: api.pilot(pilot.id).phase == "done", what="the end of the pilot")
        assert max(run.attempt for run in api.runs(pilot.id)) == 2


def events(api: ApiProcess, pilot_id: str) -> list[str]:
    return [event["kind"] for event in api.get(f"/api/pilots/{pilot_id}/live")["events"]]
