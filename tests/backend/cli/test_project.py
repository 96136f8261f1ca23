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


TRAINING = {
    "hardware": [
        {
            "name": "H100",
            "throughput": PROJECTION["throughput"],
            "fabric_id": "nvlink4-h100",
            "price_id": "h100-sxm-runpod-secure",
        },
        {"name": "unknown"},
    ],
    "stages": [{"batch_size": 256, "samples": 12.8e6}, {"batch_size": 2048, "samples": 25.6e6}],
    "payload_bytes": 102e6,
    "device_counts": [1, 2, 4, 8],
    "device_use": "elastic",
    "restart_s": 60,
    "today": {"hardware": "H100", "device_count": 8},
    "assumptions": {"trainings_per_month": 20, "cost_of_delay_per_day": 500},
}


def test_a_whole_training_is_answered_with_its_device_plans(project):
    answer = json.loads(project(TRAINING).stdout)
    known, unknown = answer["hardware"]
    assert [plan["device_counts"] for plan in known["same_devices"]] == [
        [1, 1],
        [2, 2],
        [4, 4],
        [8, 8],
    ]
    assert known["sources"][0] == {
        "quantity": "throughput",
        "origin": "measured",
        "source": "H100 SXM, float16, torch 2.13.0",
    }
    assert unknown["unavailable"] == "throughput_unknown"
    assert answer["today"]["npv"]["amount"] == 0


def test_its_table_has_a_row_for_every_plan_and_one_for_hardware_without_a_speed(project):
    rows = list(csv.DictReader(io.StringIO(project(TRAINING, "--format", "csv").stdout)))
    assert [row["plan"] for row in rows if row["hardware"] == "unknown"] == ["throughput_unknown"]
    same = [row for row in rows if row["plan"] == "same_devices"]
    assert [row["device_counts"] for row in same] == ["1 1", "2 2", "4 4", "8 8"]
    assert {row["currency"] for row in same} == {"USD"}
    assert sum(row["plan"] == "best_worth" for row in rows) == 1


def test_a_stored_curve_needs_a_server(project):
    answer = project({**TRAINING, "hardware": [{"name": "H100", "curve_number": 1}]})
    assert answer.exit_code == 2
    assert answer.stderr.startswith("hardware[0].curve_number: ")


def test_the_published_case_needs_no_file():
    answer = CliRunner().invoke(main, ["project", "--example", "mlperf", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    assert [row["device_count"] for row in rows] == ["8", "16", "64", "512", "768", "3584"]
    assert float(rows[1]["break_even_ratio"]) == pytest.approx(2.81, abs=0.005)


def test_a_file_and_an_example_are_not_both_projected(project):
    assert project(TRAINING, "--example", "mlperf").exit_code == 2
