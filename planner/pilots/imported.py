"""What is known of runs that were trained elsewhere, in place of a worker that trained them."""

import re
from dataclasses import dataclass

from planner.bounds import check_at_least, check_name, check_not_negative
from planner.refusal import require

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Where the runs of an imported pilot come from, and what their seconds are seconds of.

    Attributes:
        source: Kind of file that they were read from, such as ``csv``.
        file_name: As it was called where it was brought from.
        sha256: Of the file, hexadecimal.
        device: Name of the devices that trained.
        device_count: Devices that trained one run together.
        evaluation_s: Seconds of one evaluation, on top of the logged ones; None where the logged
            seconds include the evaluations.
        runs_left_out: Runs of the file under schedules that are not compared.
        evaluations_left_out: Evaluations before the first row of their run that says a time.
    """

    source: str
    file_name: str
    sha256: str
    device: str
    device_count: int = 1
    evaluation_s: float | None = None
    runs_left_out: int = 0
    evaluations_left_out: int = 0

    def __post_init__(self) -> None:
        check_name(self.source, "source")
        check_name(self.file_name, "file_name")
        require(_SHA256.fullmatch(self.sha256) is not None, "sha256", "sha256_wrong")
        check_name(self.device, "device")
        check_at_least(self.device_count, 1, "device_count")
        if self.evaluation_s is not None:
            check_not_negative(self.evaluation_s, "evaluation_s")
        check_at_least(self.runs_left_out, 0, "runs_left_out")
        check_at_least(self.evaluations_left_out, 0, "evaluations_left_out")
