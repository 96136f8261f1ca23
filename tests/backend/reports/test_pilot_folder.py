import csv
from dataclasses import replace

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.cli.files import read
from backend.reports.measurement_files import MeasurementFiles, read_evidence
from backend.reports.pilot_folder import write_pilot_folder
from backend.services.reviews import review_of
from backend.services.rollback_procedures import procedure_of
from planner.devices.throughput import ThroughputCurve
from planner.exchange.states import Series
from planner.pilots.pilot import Pilot
from planner.pilots.run import PROBE, Attempt
from planner.pilots.workload import BUILT_IN
from planner.reviews.review import Review
from planner.reviews.review_input import PilotEvidence, ReviewRequest
from planner.reviews.selection import Selection, selection_without_sweep
from tests.support.installation import schedule_data
from tests.support.known_pilot import (
    CURVE,
    PLAN,
    STEPS_AT_22,
    STEPS_AT_154,
    T_22,
    T_154,
    TODAY,
    known_pilot,
    records_of,
)
from tests.support.known_sweep import AT_EPOCH, FROZEN, a_swept_pilot, sweep_of

UNSAFE = "=1+1"
PILOT = known_pilot(schedules=[TODAY, schedule_data(UNSAFE, batch_size={"initial": 154})])
RECORDS = (
    *records_of(PILOT, "today", [10.0, 9.5, 10.5, 10.2, 9.9]),
    *records_of(PILOT, UNSAFE, [9.0, 9.2, 8.5, None, 9.1]),
)


METERS = Series(
    group="meters",
    steps=(0, 7),
    columns={"curvature_ratio": (0.25, None), "gradient_noise": (None, 64.0)},
    attempts=(1, 2),
    total_points=2,
)


def evidence_of(pilot, records, selection=None):
    return PilotEvidence(
        pilot=pilot,
        records=tuple(records),
        throughput=CURVE,
        micro_batch_plan=PLAN,
        selection=selection or selection_without_sweep(pilot),
    )


def no_series(_run_id, group):
    if group == "meters":
        return METERS
    return Series(
        group=group,
        steps=(1, 2),
        columns={"batch_loss": (2.0, None)},
        attempts=(1, 1),
        total_points=2,
    )


def written(evidence, folder):
    told = []
    review = review_of(evidence, ReviewRequest(evidence=evidence), look=1)
    write_pilot_folder(
        folder,
        evidence,
        review,
        procedure_of(evidence, review),
        look=1,
        series_of=no_series,
        progress=told.append,
    )
    assert told == list(range(1, len(review.races) + 1))
    return review


def read_back(folder):
    return read_evidence(
        read(MeasurementFiles, folder / "measurements.json"),
        folder,
        pilot=read(Pilot, folder / "pilot.json"),
        throughput=read(ThroughputCurve, folder / "throughput.json"),
    )


def cells(path, column):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [row[column] for row in csv.DictReader(stream)]


def test_a_folder_is_read_back_to_the_evidence_that_was_written(tmp_path):
    interrupted = (
        Attempt(number=1, from_step=0, to_step=500, evaluations=11, bundle_size=2, wall_clock_s=3),
        Attempt(
            number=2,
            from_step=490,
            to_step=600,
            evaluations=3,
            wall_clock_s=0.5,
            meters_s=0.25,
            energy_j=0.1,
        ),
        Attempt(
            number=3, from_step=0, to_step=980, evaluations=21, cause="rollback", rate_factor=0.5
        ),
    )
    records = (replace(RECORDS[0], attempts=interrupted), *RECORDS[1:])
    evidence = evidence_of(PILOT, records)
    written(evidence, tmp_path)
    numbered = tuple(
        replace(record, run_id=str(place)) for place, record in enumerate(records, start=1)
    )
    assert read_back(tmp_path) == replace(evidence, records=numbered)


def test_a_plug_ins_pilot_is_reviewed_from_its_folder_where_nobody_knows_the_plug_in(tmp_path):
    ours = replace(BUILT_IN["digits-mlp"], name="ours", version="1.0", classes=None)
    pilot = replace(PILOT, workload="ours")
    curve = replace(CURVE, workload="ours")
    evidence = evidence_of(PILOT, RECORDS)
    carried = PilotEvidence(
        pilot=pilot,
        workload=ours,
        records=evidence.records,
        throughput=curve,
        micro_batch_plan=PLAN,
        selection=evidence.selection,
    )
    review = written(carried, tmp_path)
    file = tmp_path / "measurements.json"
    answer = CliRunner().invoke(main, ["review", str(file), "--out", str(tmp_path / "again.json")])
    assert answer.exit_code == 0, answer.output
    again = read(Review, tmp_path / "again.json")
    assert again.schedules == review.schedules
    assert "ours" in cells(tmp_path / "settings.csv", "value")
    written(evidence, tmp_path)
    assert not (tmp_path / "workload.json").exists()


def test_the_rollback_procedure_lies_in_the_folder_and_can_be_written_again_from_it(tmp_path):
    written(evidence_of(PILOT, RECORDS), tmp_path)
    english = (tmp_path / "rollback.en.md").read_text(encoding="utf-8")
    assert english.startswith('# Rolling back "=1+1" in production')
    assert "を本番で元に戻す手順" in (tmp_path / "rollback.ja.md").read_text(encoding="utf-8")
    file, again = tmp_path / "measurements.json", tmp_path / "again"
    answer = CliRunner().invoke(main, ["review", str(file), "--rollback", str(again)])
    assert answer.exit_code == 0, answer.output
    assert (again / "rollback.en.md").read_text(encoding="utf-8") == english


def test_a_probe_is_no_row_of_any_table(tmp_path):
    probe = replace(RECORDS[0], run_id="probe", run=PROBE)
    written(evidence_of(PILOT, (probe, *RECORDS)), tmp_path)
    assert cells(tmp_path / "runs.csv", "run") == [str(place) for place in range(1, 11)]


def test_a_name_that_a_spreadsheet_would_run_is_quoted_and_read_back_whole(tmp_path):
    written(evidence_of(PILOT, RECORDS), tmp_path)
    assert set(cells(tmp_path / "runs.csv", "schedule")) == {"today", "'=1+1"}
    assert {record.run.schedule for record in read_back(tmp_path).records} == {"today", "=1+1"}


@pytest.mark.parametrize("name", ["'quoted'", "'=both", "plain", "-1", "+ growing", "日本語"])
def test_every_name_survives_the_tables(tmp_path, name):
    pilot = known_pilot(schedules=[TODAY, schedule_data(name)])
    records = records_of(pilot, name, [9.0] * 5)
    written(evidence_of(pilot, records), tmp_path)
    assert {record.run.schedule for record in read_back(tmp_path).records} == {name}


def test_nothing_of_an_earlier_larger_pilot_stays_among_the_results(tmp_path):
    swept = a_swept_pilot()
    selection = Selection(selected=FROZEN.selected, finalists=FROZEN.finalists, at_edge=())
    written(evidence_of(swept, sweep_of(swept, AT_EPOCH), selection), tmp_path)
    assert (tmp_path / "charts" / "sweep.csv").exists()
    assert len(list((tmp_path / "series").iterdir())) == 3 * 3 * 3
    written(evidence_of(PILOT, RECORDS), tmp_path)
    assert not (tmp_path / "charts" / "sweep.csv").exists()
    assert len(list((tmp_path / "series").iterdir())) == len(RECORDS)


def test_the_settings_say_what_the_selection_froze(tmp_path):
    written(evidence_of(PILOT, RECORDS), tmp_path)
    settings = dict(
        zip(
            cells(tmp_path / "settings.csv", "setting"),
            cells(tmp_path / "settings.csv", "value"),
            strict=True,
        )
    )
    assert settings["selection.selected.today"] == "1.0"
    assert settings["selection.finalists[0]"] == "'=1+1"


def test_a_value_that_was_not_finite_is_an_empty_cell(tmp_path):
    written(evidence_of(PILOT, RECORDS), tmp_path)
    assert cells(tmp_path / "series" / "run-001.csv", "batch_loss") == ["2.0", ""]


def test_readings_of_meters_lie_beside_the_measurements_and_disturb_no_reader(tmp_path):
    evidence = evidence_of(PILOT, RECORDS)
    written(evidence, tmp_path)
    with (tmp_path / "meters.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 2 * len(RECORDS)
    first, second = rows[:2]
    assert (first["run"], first["attempt"], first["step"]) == ("1", "1", "0")
    assert (first["curvature_ratio"], first["gradient_noise"]) == ("0.25", "")
    assert (second["attempt"], second["curvature_ratio"], second["gradient_noise"]) == (
        "2",
        "",
        "64.0",
    )
    assert [record.measurements for record in read_back(tmp_path).records] == [
        record.measurements for record in evidence.records
    ]


def test_the_statistics_of_every_schedule_are_a_table_of_their_own(tmp_path):
    written(evidence_of(PILOT, RECORDS), tmp_path)
    table = tmp_path / "statistics.csv"
    assert cells(table, "schedule") == ["today", "'=1+1"]
    assert cells(table, "reached") == ["5", "4"]
    olympic_s = float(cells(table, "olympic_mean_time_to_target_s")[0])
    assert olympic_s == pytest.approx((9.9 + 10.0 + 10.2) / 3 * STEPS_AT_22 * T_22)
    per_success = [float(value) for value in cells(table, "time_per_success_mid_s")]
    large_s = (9.0 + 9.2 + 8.5 + 20 + 9.1) / 4 * STEPS_AT_154 * T_154
    assert per_success[1] == pytest.approx(large_s)
    none, ratio = cells(table, "cost_per_success_ratio_mid")
    assert (none, float(ratio)) == ("", pytest.approx(per_success[1] / per_success[0]))
    assert cells(table, "time_ratio_mid") == ["", ""]
