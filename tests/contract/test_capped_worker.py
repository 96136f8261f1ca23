"""A worker process and the API as the processes they are: a cap stops a run that trains on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.economics.cost import SECONDS_PER_HOUR
from planner.money import Money
from planner.pilots.caps import Caps
from planner.pilots.pilot import Budget, HardwareChoice, Pilot, Seeds, Target
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule
from tests.contract.programs import ApiProcess, a_worker, wait_until
from tests.support.curve_here import curve_here

BEAT_S = 2.0
CAP_S = 8.0
LEAVING_S = 4.0
"""What a trainer on a busy computer may take to finish its step and save where it stands."""

CENT_A_SECOND = Money(amount=36.0, currency="USD")

CAPS = {
    "device_h": Caps(run_device_h=CAP_S / SECONDS_PER_HOUR),
    "money": Caps(run_money=Money(amount=CAP_S / 100, currency="USD")),
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
    folder = tmp_path_factory.mktemp("capped")
    started = ApiProcess(folder, beat_s=BEAT_S, lease_s=5 * BEAT_S)
    yield started
    started.close()


def endless(caps: Caps, name: str) -> Pilot:
    """Runs that would train for far longer than any test waits."""
    schedules = tuple(
        Schedule(
            name=one,
            role="baseline" if one == "today" else "candidate",
            learning_rate=LearningRate(initial=0.01),
            batch_size=BatchSize(initial=batch),
        )
        for one, batch in (("today", 8), ("larger", 16))
    )
    return Pilot(
        name=name,
        workload="digits-mlp",
        target=Target(metric="train_loss", value=1e-9, direction="below"),
        budget=Budget(epochs=1000),
        seeds=Seeds(confirmation=(1,)),
        schedules=schedules,
        hardware=HardwareChoice(rent_per_gpu_hour=CENT_A_SECOND),
        caps=caps,
    )


@pytest.mark.slow
@pytest.mark.parametrize("unit", CAPS)
def test_a_run_of_a_worker_process_passes_its_cap_by_a_beat_and_its_way_out_at_most(
    api: ApiProcess, tmp_path: Path, unit: str
) -> None:
    curve = curve_here()
    pilot = api.create(endless(CAPS[unit], unit), throughput=curve)
    with a_worker(api, tmp_path / "worker"):
        wait_until(
            lambda: all(run.status == "capped" for run in api.runs(pilot.id)),
            what="the end of both runs",
        )
    for run in api.runs(pilot.id):
        assert run.reason == f"cap_run_{unit}"
        assert run.wall_clock_s is not None
        assert run.wall_clock_s < CAP_S + BEAT_S + LEAVING_S
        assert 0 < run.step < (run.steps_planned or 0)
    state = api.pilot(pilot.id)
    assert (state.phase, state.cap_reached) == ("done", False)
