"""A probe of a worker with two devices, as real processes below a fork server."""

import dataclasses
import json
from pathlib import Path

import pytest

from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.exchange.work import AttemptStart, Finish
from tests.worker.builders import a_claimed_run, reports_in
from tests.worker.supervising.jobs import JobFor, end_of, started
from worker.codec import decode, encode
from worker.job import TrainerJob
from worker.supervising.trainer_processes import TrainerProcesses

PROBE = a_claimed_run(purpose="probe", schedule=None)

PROBED_WITHIN_S = 280.0
"""What several devices say to each other is alone measured for up to a minute."""

pytestmark = pytest.mark.timeout(2 * PROBED_WITHIN_S)


def on_two_devices(job_file: Path) -> Path:
    job = decode(TrainerJob, json.loads(job_file.read_text()))
    job_file.write_text(json.dumps(encode(dataclasses.replace(job, probed_devices=2))))
    return job_file


def test_a_probe_of_two_devices_tells_one_of_them_and_then_both(job_for: JobFor) -> None:
    processes = TrainerProcesses()
    try:
        job_file = on_two_devices(job_for(PROBE))
        pid = started(processes, job_file)
        assert end_of(processes, pid, patience_s=PROBED_WITHIN_S) == 0
    finally:
        processes.close()
    start, alone, several, finish = reports_in(job_file.parent)
    assert start == AttemptStart(from_step=0)
    assert isinstance(alone, ThroughputCurve)
    assert isinstance(several, ScalingCurve)
    assert several.device_counts == (1, 2)
    assert several.batch_sizes == (8, 32, 128, 512, 1078)
    assert isinstance(finish, Finish)
    assert finish.outcome == "succeeded"
    assert "2 devices, batch size 1078" in job_file.with_name("trainer.log").read_text()
