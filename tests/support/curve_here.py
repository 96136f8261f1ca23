"""A throughput curve of this computer, known beforehand, so that no probe is run."""

from dataclasses import replace
from typing import Any

from planner.devices.throughput import ThroughputCurve
from tests.support.planted_worker import planted_curve
from worker.device import describe_device


def curve_here(workload: str = "digits-mlp", **how: Any) -> ThroughputCurve:
    """As `planted_curve` makes it."""
    return replace(planted_curve(workload=workload, **how), device=describe_device("cpu").name)
