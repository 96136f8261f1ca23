"""Published trainings and all-reduces, line by line."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from backend.published.worked_cases import IMAGENET_SAMPLES

DATA = Path(__file__).parent / "data" / "scaling_points.csv"

CHIPS = {
    "H100-SXM5-80GB": "H100 SXM",
    "H100-SXM-80GB": "H100 SXM",
    "H100-PCIe-80GB": "H100 PCIe",
    "H100-PCIe": "H100 PCIe",
    "A30-PCIE-24GB": "A30",
}
"""One chip under several names."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the data, numbered as in the file."""

    line: int
    data: dict[str, str]

    @property
    def system(self) -> str:
        """Who ran it, on what."""
        return self.data["source"].removeprefix("MLPerf Training v3.0 closed ").split(" (")[0]

    @property
    def chip(self) -> str:
        return CHIPS.get(self.data["gpu"], self.data["gpu"])

    @property
    def devices(self) -> int:
        return int(self.data["gpus"])

    @property
    def batch(self) -> int:
        return int(self.data["global_batch"])

    @property
    def value(self) -> float:
        return float(self.data["value"])

    @property
    def is_mlperf(self) -> bool:
        return self.data["source"].startswith("MLPerf")

    @property
    def samples(self) -> float:
        """Images of the whole training."""
        found = re.search(r"(\d+) epochs", self.data["note"])
        assert found is not None
        return int(found[1]) * IMAGENET_SAMPLES

    @property
    def images_per_s(self) -> float:
        in_time = self.data["metric"] == "time_to_train"
        return self.samples / (self.value * 60) if in_time else self.value

    def value_at(self, images_per_s: float) -> float:
        """The row's own quantity at another throughput."""
        in_time = self.data["metric"] == "time_to_train"
        return self.samples / images_per_s / 60 if in_time else images_per_s


def rows() -> list[Row]:
    """Every line of the data; the first is line 2 of the file."""
    with DATA.open(encoding="utf-8", newline="") as stream:
        return [Row(line=place, data=row) for place, row in enumerate(csv.DictReader(stream), 2)]
