"""A worker with two devices, from its probe to what a projection rests on."""

from pathlib import Path

import pytest

from backend.wire.codec import decode
from planner.projections.scaling_facts import ScalingFacts
from tests.contract.programs import ApiProcess, a_worker, wait_until
from tests.support.installation import a_pilot
from tests.support.processes import PATIENCE_WITH_A_PROBE_S
from worker.device import describe_device

TWO_DEVICES = ("--device", "cpu", "--device-count", "2")


@pytest.mark.timeout(600)
def test_the_probe_of_a_worker_with_two_devices_tells_how_it_scales(
    api: ApiProcess, tmp_path: Path
) -> None:
    with a_worker(api, tmp_path / "w", options=TWO_DEVICES):
        pilot = api.create(a_pilot(), throughput=None)
        wait_until(
            lambda: api.pilot(pilot.id).phase != "probing",
            what="the end of the probe",
            patience_s=PATIENCE_WITH_A_PROBE_S,
        )
        api.post(f"/api/pilots/{pilot.id}:cancel", {"reason": ""})
    facts = decode(ScalingFacts, api.get("/api/scaling/1"))
    assert facts.state.device == describe_device("cpu").name
    assert facts.state.device_counts == (1, 2)
    assert facts.bus_bytes_per_s is not None
    (two, *_) = [row for row in facts.rows if row.point.device_count == 2]
    assert two.projected is not None
