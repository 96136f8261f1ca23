"""What becomes of a training of a file, beside what is stored already."""

from dataclasses import replace

import pytest

from planner.decisions.production_result import KeptResult, ProductionResult, ResultOrigin
from planner.decisions.result_rows import FileTraining, HeldAgainst, RowRefusal, judged
from planner.decisions.results_mapping import ResultsMapping, RunLogs, TrainingColumns
from planner.decisions.suggested_columns import suggested_columns
from planner.imports.mapping import ColumnMapping, ElapsedColumn, TimestampColumn
from tests.planner.decisions.test_realised import PROMISE, SIGNED_ON, TODAY

TABLE = ResultsMapping(
    trainings=TrainingColumns(
        schedule="recipe",
        started=TimestampColumn(column="at", form="iso8601"),
        duration=ElapsedColumn(column="hours", unit="hours"),
        reached="ok",
        device_count=8,
    )
)
LOG = ResultsMapping(runs=RunLogs(log=ColumnMapping(), device_count=8))
AGAINST = HeldAgainst(promise=PROMISE, baseline="today", signed_on=SIGNED_ON, today=TODAY)
RESULT = ProductionResult(day="2026-03-11", training_h=6.0, device_h=30.0)


def a_training(name="a", line=2, schedule="large", **changes):
    result = replace(RESULT, **changes)
    return FileTraining(line=line, name=name, schedule=schedule, result=result)


def rows_of(*trainings, mapping=TABLE, kept=(), sha256="f1"):
    against = replace(AGAINST, kept=tuple(kept))
    return judged(trainings, mapping, against, file_name="trainings.csv", sha256=sha256)


def kept_from(*trainings, sha256="f1"):
    return [row.result for row in rows_of(*trainings, sha256=sha256)]


def test_a_new_training_keeps_its_origin():
    (row,) = rows_of(a_training())
    origin = ResultOrigin(file_name="trainings.csv", sha256="f1", line=2, name="a")
    assert (row.fate, row.result) == (
        "new",
        KeptResult(day="2026-03-11", training_h=6.0, device_h=30.0, origin=origin),
    )


def test_the_names_of_candidate_and_baseline_need_no_word():
    found = rows_of(a_training(), a_training("b", schedule="today"), a_training("c", schedule="x"))
    assert [row.fate for row in found] == ["new", "new", "refused"]
    assert [row.result.role for row in found[:2]] == ["candidate", "baseline"]
    assert found[2].refusals == (
        RowRefusal(column="recipe", code="results_schedule_unknown", params={"schedule": "x"}),
    )


def test_a_word_on_a_schedule_counts_before_its_name():
    said = replace(TABLE, schedules={"large": "baseline", "x": "leave_out"})
    found = rows_of(a_training(), a_training("b", schedule="x"), mapping=said)
    assert (found[0].result.role, found[1].fate) == ("baseline", "left_out")


def test_the_same_row_of_the_same_file_is_known():
    (row,) = rows_of(a_training(), kept=kept_from(a_training()))
    assert row.fate == "known"


def test_a_row_whose_id_is_named_only_the_second_time_is_known():
    (row,) = rows_of(a_training("x"), kept=kept_from(a_training("")))
    assert row.fate == "known"


@pytest.mark.parametrize(("sha256", "line"), [("f1", 2), ("f2", 9)])
def test_a_known_id_with_other_values_is_refused(sha256, line):
    (row,) = rows_of(
        a_training(line=line, training_h=7.0), kept=kept_from(a_training()), sha256=sha256
    )
    assert (row.fate, row.refusals[0].code) == ("refused", "results_differ")


def test_rows_without_ids_of_another_file_are_new():
    (row,) = rows_of(a_training(""), kept=kept_from(a_training("")), sha256="f2")
    assert row.fate == "new"


def test_a_name_of_runs_means_the_same_training_only_where_all_is_the_same():
    before = kept_from(a_training("train", line=None))
    same, other = (
        rows_of(a_training("train", line=None, training_h=hours), kept=before, sha256="f2")[0]
        for hours in (6.0, 7.0)
    )
    assert (same.fate, other.fate) == ("known", "new")


def test_what_was_entered_by_hand_is_no_row_of_a_file():
    by_hand = KeptResult(day="2026-03-11", training_h=6.0, device_h=30.0)
    (row,) = rows_of(a_training(""), kept=[by_hand])
    assert row.fate == "new"


def test_a_log_names_no_column_of_a_day():
    (row,) = rows_of(a_training(line=None, day="2026-02-01"), mapping=LOG)
    assert (row.refusals[0].column, row.refusals[0].code) == ("", "before_sign_off")


def test_well_known_names_are_proposed_without_their_units():
    names = ("Run ID", "Schedule", "Started At", "Duration", "GPUs", "Reached", "Cost USD", "x")
    assert suggested_columns(names) == {
        "schedule": "Schedule",
        "started": "Started At",
        "duration": "Duration",
        "devices": "GPUs",
        "reached": "Reached",
        "cost": "Cost USD",
        "id": "Run ID",
    }
