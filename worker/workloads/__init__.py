"""Workloads that this worker can train, by name."""

from worker.workloads.contract import TrainingWorkload
from worker.workloads.digits_mlp import DigitsMlp

WORKLOADS: dict[str, TrainingWorkload] = {workload.name: workload for workload in (DigitsMlp(),)}
"""Built-in workloads; the planner's catalogue states their sizes."""
