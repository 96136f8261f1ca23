import csv
import io
import json

import pytest
from click.testing import CliRunner

from backend.cli import main

# Step times of exactly 2 ms + 0.01 ms a sample, so that the fit is known.
PROJECTION = {
    "throughput": {
        "workload": "resnet50",
        "device": "H100 SXM",
        "dtype": "float16",
        "versions": "torch 2.13.0",
        "evaluation_s": 0,
        "points": [
            {"batch_size": b, "step_time_s": 2e-3 + 1e-5 * b, "spread_fraction": 0, "steps": 20}
            for b in (16, 64, 256, 1024)
        ],
    },
    "fabric": {"bus_bytes_per_s": 10e9, "latency_s": 5e-6, "hops": "ring"},
    "payload_bytes": 45e6,
    "batch_size": 8192,
    "device_counts": [8],
    "largest_micro_batch_size": 256,
    "overlap_fraction": 0.7,
}


@pytest.fixture
def project(tmp_path):
    def run(data, *options):
        file = tmp_path / "fabric.json"
        file.write_text(json.dumps(data), encoding="utf-8")
        return CliRunner().invoke(main, ["project", str(file), "--lang", "en", *options])

    return run


def test_a_step_on_eight_devices_is_computation_and_what_communication_cannot_hide(project):
    (step,) = json.loads(project(PROJECTION).stdout)
    micro_batch_s = 2e-3 + 1e-5 * 256
    communication_s = 14 * 5e-6 + 2 * 7 / 8 * 45e6 / 10e9
    exposed_s = communication_s - 0.7 * (2 / 3) * micro_batch_s
    assert step["micro_batches"] == 8192 // (8 * 256)
    assert step["communication_s"] == pytest.approx(communication_s)
    assert step["step_time_s"] == pytest.approx(4 * micro_batch_s + exposed_s)


def test_the_table_has_a_row_for_every_number_of_devices(project):
    data = {**PROJECTION, "device_counts": [1, 8, 64]}
    rows = list(csv.DictReader(io.StringIO(project(data, "--format", "csv").stdout)))
    assert [row["device_count"] for row in rows] == ["1", "8", "64"]


def test_more_devices_than_samples_are_refused(project):
    answer = project({**PROJECTION, "batch_size": 4})
    assert answer.exit_code == 2
    assert answer.stderr.startswith("device_counts: ")
