"""A run's table becomes a logged run: sorted, one row a step, seconds, and nothing guessed."""

from dataclasses import replace

import numpy as np
import pytest

from planner.imports.assembled_run import assembled
from planner.imports.logged_table import NOT_FINITE, LoggedTable
from planner.imports.mapping import (
    BatchColumn,
    ColumnMapping,
    ElapsedColumn,
    EpochColumn,
    TimestampColumn,
)
from planner.refusal import Refusal

NAN = np.nan
MAPPING = ColumnMapping(
    step="step", elapsed=ElapsedColumn(column="time", unit="minutes"), metrics={"loss": "loss"}
)


def a_table(facts=None, started_s=None, **columns):
    rows = {name: np.array(values, dtype=float) for name, values in columns.items()}
    count = len(next(iter(rows.values())))
    places = np.arange(2, 2 + count)
    return LoggedTable(
        name="run-1",
        source="csv",
        columns=rows,
        places=places,
        facts=facts or {},
        started_s=started_s,
    )


def refused(table, mapping):
    with pytest.raises(Refusal) as found:
        assembled(table, mapping)
    return found.value


def test_rows_are_sorted_by_step_and_minutes_become_seconds():
    run = assembled(a_table(step=[20, 10], time=[2, 1], loss=[0.5, 0.9]), MAPPING)
    assert run.steps.tolist() == [10, 20]
    assert run.elapsed_s.tolist() == [1 * 60, 2 * 60]
    assert run.metrics["loss"].tolist() == [0.9, 0.5]


def test_rows_of_one_step_complete_each_other_at_the_later_time():
    table = a_table(
        step=[10, 10, 20], time=[1, 1.5, 2], loss=[0.9, NAN, 0.8], accuracy=[NAN, 0.4, NAN]
    )
    run = assembled(table, replace(MAPPING, metrics={"loss": "loss", "accuracy": "accuracy"}))
    assert run.steps.tolist() == [10, 20]
    assert run.elapsed_s[0] == 1.5 * 60
    assert (run.metrics["loss"][0], run.metrics["accuracy"][0]) == (0.9, 0.4)


def test_rows_of_one_step_that_contradict_each_other_are_refused_with_both_lines():
    table = a_table(step=[10, 20, 10], time=[1, 2, 1], loss=[0.9, 0.5, 0.7])
    said = refused(table, MAPPING)
    assert (said.code, said.params["other"], said.params["line"]) == (
        "import_rows_contradict",
        2,
        4,
    )
    last = assembled(table, replace(MAPPING, repeats="last"))
    assert last.metrics["loss"].tolist() == [0.7, 0.5]


def test_a_value_that_is_not_finite_is_kept_and_says_where_the_run_diverged():
    table = a_table(step=[1, 2, 3, 4], time=[1, 2, 3, 4], loss=[0.9, NAN, NOT_FINITE, 0.2])
    run = assembled(table, MAPPING)
    assert np.isnan(run.metrics["loss"]).tolist() == [False, True, True, False]
    assert run.diverged_at == 3


def test_a_gradient_norm_that_overflows_and_comes_back_is_no_divergence():
    mapping = replace(MAPPING, metrics={"loss": "loss", "norm": "norm"})
    columns = {"step": [1, 2, 3], "time": [1, 2, 3], "loss": [3, 2, 1]}
    back = assembled(a_table(**columns, norm=[NOT_FINITE, 5, NAN]), mapping)
    assert back.diverged_at is None
    assert np.isnan(back.metrics["norm"]).tolist() == [True, False, True]
    assert assembled(a_table(**columns, norm=[5, NOT_FINITE, NAN]), mapping).diverged_at == 2


def test_rows_that_name_no_run_are_refused_with_the_first_of_them():
    table = a_table(step=[NAN, 1, 2], time=[0, 1, 2], loss=[3, 2, 1])
    said = refused(replace(table, name=" "), MAPPING)
    assert (said.field, said.code, said.params["line"]) == ("run", "import_run_nameless", 3)


def test_what_holds_for_the_whole_run_stands_on_every_row():
    table = a_table(
        facts={"lr": "0.1", "seed": "7", "recipe": "grow"}, step=[1, 2], time=[1, 2], loss=[1, 1]
    )
    run = assembled(table, replace(MAPPING, learning_rate="lr", seed="seed", schedule="recipe"))
    assert run.learning_rate.tolist() == [0.1, 0.1]
    assert (run.seed, run.schedule) == (7, "grow")


def test_a_schedule_and_a_seed_can_be_told_by_run():
    table = a_table(step=[1], time=[1], loss=[1])
    run = assembled(table, replace(MAPPING, schedules={"run-1": "today"}, seeds={"run-1": 3}))
    assert (run.schedule, run.seed) == ("today", 3)


def test_the_batch_of_one_device_is_multiplied_by_the_devices():
    table = a_table(step=[1], time=[1], loss=[1], bs=[32])
    batch = BatchColumn(column="bs", meaning="per_device", device_count=4)
    assert assembled(table, replace(MAPPING, batch_size=batch)).batch_size.tolist() == [32 * 4]


@pytest.mark.parametrize(
    ("meaning", "keys", "steps"),
    [("done", [1, 2, 3], [4, 8, 10]), ("index", [0, 1, 2], [4, 8, 10])],
)
def test_epochs_become_steps_with_a_last_smaller_one(meaning, keys, steps):
    """Of 100 samples: ceil(100/30) = 4 steps an epoch, and ceil(100/60) = 2 after growth."""
    table = a_table(epoch=keys, time=[1, 2, 3], loss=[3, 2, 1], bs=[30, 30, 60])
    mapping = replace(
        MAPPING,
        step=None,
        epoch=EpochColumn(column="epoch", meaning=meaning),
        batch_size=BatchColumn(column="bs", meaning="global"),
        training_samples=100,
    )
    assert assembled(table, mapping).steps.tolist() == steps


def test_samples_become_steps_by_the_batch_that_they_were_seen_in():
    table = a_table(seen=[100, 300], time=[1, 2], loss=[2, 1], bs=[10, 50])
    mapping = replace(
        MAPPING, step=None, samples="seen", batch_size=BatchColumn(column="bs", meaning="global")
    )
    assert assembled(table, mapping).steps.tolist() == [10, 10 + 200 / 50]


def test_times_of_day_count_from_the_start_that_the_source_says():
    mapping = replace(
        MAPPING, elapsed=None, timestamp=TimestampColumn(column="at", form="unix_milliseconds")
    )
    columns = {"step": [1, 2], "at": [5_000_000, 5_002_000], "loss": [2, 1]}
    assert assembled(a_table(**columns), mapping).elapsed_s.tolist() == [0, 2]
    early = a_table(started_s=4_990.0, **columns)
    assert assembled(early, mapping).elapsed_s.tolist() == [10, 12]


def test_the_wait_for_a_restart_is_asked_about_and_can_be_left_out():
    """Rows every 10 s, and 1000 s of silence once."""
    at = [0, 10, 20, 1020, 1030]
    table = a_table(step=[1, 2, 3, 4, 5], at=at, loss=[5, 4, 3, 2, 1])
    said = TimestampColumn(column="at", form="unix_seconds")
    mapping = replace(MAPPING, elapsed=None, timestamp=said)
    asked = refused(table, mapping)
    assert (asked.field, asked.params["line"]) == ("timestamp.pauses", 5)
    counted = replace(mapping, timestamp=replace(said, pauses="count"))
    assert assembled(table, counted).elapsed_s.tolist() == at
    left_out = replace(mapping, timestamp=replace(said, pauses="leave_out"))
    assert assembled(table, left_out).elapsed_s.tolist() == [0, 10, 20, 30, 40]


def test_time_that_runs_backwards_is_refused_with_its_line():
    said = refused(a_table(step=[1, 2, 3], time=[1, 2, 1.5], loss=[3, 2, 1]), MAPPING)
    assert (said.code, said.params["line"]) == ("import_time_falls", 4)


@pytest.mark.parametrize("step", [-1, 1.5, 1e17])
def test_a_step_that_is_none_is_refused_with_its_line(step):
    said = refused(a_table(step=[step], time=[1], loss=[1]), MAPPING)
    assert (said.code, said.params["line"]) == ("import_step_wrong", 2)


def test_rows_without_a_step_are_left_out_and_a_run_without_any_is_none():
    run = assembled(a_table(step=[NAN, 1], time=[0, 1], loss=[9, 1]), MAPPING)
    assert run.steps.tolist() == [1]
    assert assembled(a_table(step=[NAN], time=[0], loss=[9]), MAPPING) is None


@pytest.mark.parametrize("seed", ["seven", "1.5", "-1", "nan"])
def test_a_seed_that_is_none_is_refused(seed):
    table = a_table(facts={"seed": seed}, step=[1], time=[1], loss=[1])
    assert refused(table, replace(MAPPING, seed="seed")).code == "import_fact_wrong"


def test_a_batch_below_one_is_refused():
    table = a_table(step=[1], time=[1], loss=[1], bs=[0])
    batch = BatchColumn(column="bs", meaning="global")
    assert refused(table, replace(MAPPING, batch_size=batch)).code == "import_batch_not_positive"
