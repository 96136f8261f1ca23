"""A pilot's measurements as files beside each other, as ``paybatch pilot run`` writes them."""

from pathlib import Path

from backend.cli.files import read
from backend.reports.measurement_files import MeasurementFiles, read_evidence
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.reviews.review_input import PilotEvidence


def read_measured(file: Path) -> tuple[PilotEvidence, int]:
    """The measurements that a file names, and the number of the look.

    Raises:
        InputError: A file or column is missing, or a value is not what its place holds.
    """
    files = read(MeasurementFiles, file)
    beside = file.parent
    evidence = read_evidence(
        files,
        beside,
        pilot=read(Pilot, beside / files.pilot),
        throughput=read(ThroughputCurve, beside / files.throughput),
        workload=read(Workload, beside / files.workload) if files.workload else None,
        scaling=read(ScalingCurve, beside / files.scaling) if files.scaling else None,
    )
    return evidence, files.look
