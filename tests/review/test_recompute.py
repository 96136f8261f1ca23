"""A real pilot from the command line: recomputed from its CSV files, repeated, and read back."""

import ast
import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.cli.files import read
from backend.cli.report_files import every_order
from backend.reports.csv_table import write_table
from backend.reports.measurement_files import MeasurementFiles, read_evidence
from backend.reports.pilot_tables import pilot_tables
from backend.services.reviews import review_of
from backend.wire.codec import decode, encode
from planner.devices.throughput import ThroughputCurve
from planner.economics.assumptions import Assumptions
from planner.exchange.report_files import ReportRecord
from planner.money import ExchangeRate, Money
from planner.pilots.pilot import HardwareChoice, Pilot
from planner.reviews.review import make_review
from planner.reviews.review_input import ReviewRequest
from tests.review.odd_runs import CHANGES, fallen_back, without_production

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCRIPT = HERE / "recompute.py"

PILOT = """
name: Small pilot
workload: digits-mlp
target: {metric: train_loss, value: 0.6, direction: below}
quality: {metric: validation_accuracy, tolerance: 0.05}
budget: {epochs: 4}
seeds: {selection: [1], confirmation: [11, 12, 13]}
rate_multipliers: [1, 2]
schedules:
  - {name: today, role: baseline, learning_rate: {initial: 0.1}, batch_size: {initial: 20}}
  - name: "+ growing batch"
    learning_rate: {initial: 0.1, decay: cosine}
    batch_size: {initial: 20, growth: 2, every_epochs: 1, maximum: 80}
hardware:
  profile: this-computer
  device_count: 4
  rent_per_gpu_hour: {amount: 3, currency: USD}
production: {training_h: 10, device_count: 4, batch_size: 64, overhead_fraction: 0.1}
assumptions:
  trainings_per_month: 10
  ramp_months: 3
  engineer_rate_per_h: 50
  adoption_engineer_h: 8
  attention_fraction: 0.1
  cost_of_delay_per_day: 5
"""


TEAM = {"PAYBATCH_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/of-a-team"}
"""What a shell of a team may have set; a pilot on its own keeps its results in its own folder."""


def run_pilot(file, out, *options):
    command = [sys.executable, "-m", "backend.cli", "pilot", "run", str(file), "--out", str(out)]
    environment = os.environ | TEAM
    subprocess.run([*command, "--device", "cpu", *options], cwd=ROOT, check=True, env=environment)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Ten runs of digits and a probe, from the file to the verdict."""
    home = tmp_path_factory.mktemp("pilot")
    (home / "pilot.yaml").write_text(PILOT, encoding="utf-8")
    run_pilot(home / "pilot.yaml", home / "first")
    return home / "first"


@pytest.fixture(scope="module")
def again(folder):
    """The same pilot once more, composed with the throughput curve of the first."""
    out = folder.parent / "second"
    curve = str(folder / "throughput.json")
    run_pilot(folder.parent / "pilot.yaml", out, "--throughput", curve, "--reports")
    return out


@pytest.fixture(scope="module")
def evidence(folder):
    return read_evidence(
        read(MeasurementFiles, folder / "measurements.json"),
        folder,
        pilot=read(Pilot, folder / "pilot.json"),
        throughput=read(ThroughputCurve, folder / "throughput.json"),
    )


def recomputed(folder):
    """Exit code, and the lines that the script wrote."""
    command = [sys.executable, str(SCRIPT), str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.stderr == ""
    return told.returncode, told.stdout.splitlines()


def without_run_ids(review):
    return {
        **review,
        "run_clocks": [{**clock, "run_id": None} for clock in review["run_clocks"]],
        "races": [{**race, "run_id": None} for race in review["races"]],
    }


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_exported_files_lead_to_the_same_numbers_without_the_product(folder):
    code, lines = recomputed(folder)
    runs, schedules, months = 10, 2, 25
    compared = 10 * runs + 17 * schedules + 2 * months + 1
    assert (code, lines) == (0, [f"{compared} compared, 0 differ"])


def test_the_script_imports_the_standard_library_and_numpy_only():
    own = {path.stem for path in HERE.glob("recompute*.py")}
    imported = set()
    for name in own:
        for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
    assert own == {"recompute", "recompute_courses", "recompute_money", "recompute_runs"}
    assert imported - sys.stdlib_module_names == (own - {"recompute"}) | {"numpy"}


@pytest.mark.parametrize(
    ("name", "column", "change"),
    [
        ("cash_flows.csv", "amount", 0.02),
        ("schedules.csv", "npv", -0.02),
        ("schedules.csv", "time_ratio", 1e-6),
        ("runs.csv", "time_to_target_s", 1e-8),
        ("runs.csv", "billed_s", 1e-8),
    ],
)
def test_a_number_that_was_changed_afterwards_is_found(folder, tmp_path, name, column, change):
    for file in folder.glob("*.csv"):
        shutil.copy(file, tmp_path)
    with (tmp_path / name).open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        changed = list(reader)
    row = next(found for found in reversed(changed) if found[column])
    row[column] = repr(float(row[column]) + change)
    with (tmp_path / name).open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, changed[0].keys())
        writer.writeheader()
        writer.writerows(changed)
    code, lines = recomputed(tmp_path)
    assert (code, len(lines)) == (1, 2)
    assert lines[0].startswith(name)
    assert column in lines[0] or "month 24" in lines[0]


def test_every_report_lies_below_the_results_and_says_what_they_say(again):
    written = list((again / "reports").iterdir())
    assert len(written) == len(every_order())
    (record,) = (path for path in written if path.suffix == ".json")
    told = read_json(record)
    assert told["review"] == read_json(again / "review.json")
    assert encode(make_review(decode(ReportRecord, told).given)) == told["review"]


def test_a_repeated_pilot_gives_the_same_review_apart_from_run_ids_clocks_and_meters(folder, again):
    first, second = read_json(folder / "review.json"), read_json(again / "review.json")
    assert first["races"][0]["run_id"] != second["races"][0]["run_id"]
    assert first["noise_scenarios"][0]["schedule"] == "+ growing batch"
    apart = {"run_clocks": None, "noise_scenarios": None}
    first, second = ({**without_run_ids(found), **apart} for found in (first, second))
    assert first == second


def test_a_repeated_pilot_gives_the_same_tables_byte_for_byte_but_for_clocks_and_meters(
    folder, again
):
    """Meters are read as often as their own cost allows: the clock has a say in when."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.csv"))
    assert names == sorted(str(path.relative_to(again)) for path in again.rglob("*.csv"))
    assert len([name for name in names if name.startswith("series/")]) == 10
    differ = [name for name in names if (folder / name).read_bytes() != (again / name).read_bytes()]
    assert set(differ) <= {"wall_clock.csv", "clock_gaps.csv", "meters.csv"}


def test_no_table_holds_an_id_that_another_installation_would_not_give(folder):
    ids = [race["run_id"] for race in read_json(folder / "review.json")["races"]]
    for path in folder.rglob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        assert [run_id for run_id in ids if run_id in text] == []


def test_the_folder_is_read_back_to_the_review_that_it_came_from(folder, tmp_path):
    out = tmp_path / "review.json"
    told = CliRunner().invoke(
        main, ["review", str(folder / "measurements.json"), "--out", str(out), "--lang", "en"]
    )
    assert told.exit_code == 0
    stored, brought = read_json(folder / "review.json"), read_json(out)
    assert [race["run_id"] for race in brought["races"]] == [str(place) for place in range(1, 11)]
    assert without_run_ids(stored) == without_run_ids(brought)


def test_a_name_that_a_spreadsheet_would_run_is_quoted_in_tables_and_whole_when_read(
    folder, evidence
):
    assert "'+ growing batch" in (folder / "runs.csv").read_text(encoding="utf-8-sig")
    assert {record.run.schedule for record in evidence.records} == {"today", "+ growing batch"}


def exported(evidence, folder, **terms):
    """The tables of a review of these measurements under other terms."""
    review = review_of(evidence, ReviewRequest(evidence=evidence, **terms), look=1)
    for table in pilot_tables(evidence, review):
        write_table(table, folder)
    return review


A_DOLLAR_A_SECOND = Money(amount=3600.0, currency="USD")
THIS_COMPUTER = HardwareChoice(rent_per_gpu_hour=A_DOLLAR_A_SECOND)
YEN = Assumptions(
    currency="JPY",
    trainings_per_month=200,
    engineer_rate_per_h=9000,
    pilot_engineer_h=3,
    adoption_engineer_h=1,
    hardware_outlay=50_000,
    hardware_residual=20_000,
    horizon_months=36,
    exchange_rates=(ExchangeRate(base="JPY", quote="USD", rate=1 / 150, as_of="2026-11-24"),),
)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("assumptions", [Assumptions(trainings_per_month=900), YEN])
@pytest.mark.parametrize("alone", [False, True], ids=["in production", "on this computer"])
def test_other_terms_are_recomputed_as_well(evidence, tmp_path, change, assumptions, alone):
    given = change(evidence)
    terms = {"assumptions": assumptions, "pilot_rate_per_device_h": A_DOLLAR_A_SECOND}
    if alone:
        given = without_production(given)
        terms["hardware"] = THIS_COMPUTER
    review = exported(given, tmp_path, **terms)
    assert review.pilot_cost.amount > 0
    assert review.schedules[1].case is not None
    code, lines = recomputed(tmp_path)
    assert lines[:-1] == []
    assert code == 0


def test_a_run_that_fell_back_is_billed_for_both_schedules_and_reached_nothing(evidence, tmp_path):
    review = exported(fallen_back(evidence), tmp_path)
    (fallen,) = [race for race in review.races if race.fell_back]
    whole = next(
        race
        for race in review.races
        if race.schedule == fallen.schedule and race.seed != fallen.seed
    )
    assert fallen.billed_s > whole.billed_s
    assert (fallen.crossing, fallen.final_quality) == (None, None)
    assert recomputed(tmp_path)[0] == 0


def test_a_review_without_money_is_recomputed_to_empty_cells(evidence, tmp_path):
    unknown = HardwareChoice(profile="h100-sxm-runpod-secure", device_count=1)
    review = exported(without_production(evidence), tmp_path, hardware=unknown)
    assert review.schedules[1].case is None
    code, lines = recomputed(tmp_path)
    assert lines[:-1] == []
    assert code == 0
