"""One seat with every GPU of this computer, and one run that all of them train."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from planner.pilots.device_stages import DevicesOfSchedule
from tests.contract.programs import an_api, wait_until
from tests.faults.pilots import a_curve, a_pilot
from tests.support.dispatcher_process import a_dispatcher
from tests.support.ray_cluster import RayCluster
from worker.device import describe_device

pytestmark = [pytest.mark.gpu, pytest.mark.timeout(900)]


def test_a_run_that_wants_all_gpus_gets_a_seat_that_has_them(tmp_path: Path) -> None:
    count = torch.cuda.device_count()
    everything = DevicesOfSchedule(schedule="growing batch", counts=(count,))
    pilot = replace(a_pilot(seeds=(11, 12)), devices=(everything,))
    curve = replace(a_curve(), device=describe_device("cuda:0").name)
    cluster = RayCluster(cpus=os.cpu_count() or 1, gpus=count)
    with an_api(tmp_path) as api, cluster:
        runs = api.runs(api.create(pilot, throughput=curve).id)
        wide, *_ = (run for run in runs if run.run.schedule == "growing batch")
        for run in runs:
            if run.id != wide.id:
                api.order(run.id, "cancel")
        with a_dispatcher(
            api,
            cluster.address,
            tmp_path / "ray",
            device=("--device", "cuda"),
            options=("--release",),
        ) as dispatcher:
            wait_until(
                lambda: api.run(wide.id).status == "succeeded", what="its end", patience_s=600
            )
            assert dispatcher.leave() == 0
        done = api.run(wide.id)
    devices = str(done.worker).rpartition(" ")[2].split(",")
    assert (done.attempt, sorted(map(int, devices))) == (1, list(range(count)))
