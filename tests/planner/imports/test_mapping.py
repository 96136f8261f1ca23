"""A mapping says what columns are; what only their owner knows is asked, never guessed."""

from dataclasses import replace

import pytest

from planner.imports.mapping import (
    BatchColumn,
    ColumnMapping,
    ElapsedColumn,
    EpochColumn,
    TimestampColumn,
)
from planner.imports.questions import check_answered, unanswered
from planner.imports.suggested_mapping import suggested_for_tracker, suggested_mapping
from planner.refusal import Refusal

COMPLETE = ColumnMapping(
    step="step",
    elapsed=ElapsedColumn(column="time", unit="seconds"),
    metrics={"loss": "loss"},
)


def test_a_complete_mapping_leaves_nothing_to_ask():
    assert unanswered(COMPLETE) == ()
    check_answered(COMPLETE)


def test_a_log_may_be_said_to_have_no_times_but_not_beside_a_column_of_them():
    check_answered(replace(COMPLETE, elapsed=None, without_time=True))
    with pytest.raises(Refusal) as caught:
        replace(COMPLETE, without_time=True)
    assert (caught.value.field, caught.value.code) == ("without_time", "import_time_said_too")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"elapsed": ElapsedColumn(column="time")}, "elapsed.unit", "import_time_unit_missing"),
        ({"elapsed": None}, "elapsed", "import_time_missing"),
        (
            {"elapsed": None, "timestamp": TimestampColumn(column="at")},
            "timestamp.form",
            "import_time_form_missing",
        ),
        ({"step": None}, "step", "import_step_missing"),
        ({"step": None, "samples": "seen"}, "batch_size", "import_batch_missing"),
        (
            {"batch_size": BatchColumn(column="bs")},
            "batch_size.meaning",
            "import_batch_meaning_missing",
        ),
        (
            {"batch_size": BatchColumn(column="bs", meaning="per_device")},
            "batch_size.device_count",
            "import_device_count_missing",
        ),
        ({"metrics": {}}, "metrics", "import_metrics_missing"),
    ],
)
def test_what_is_not_said_is_asked_for_at_its_field(changes, field, code):
    mapping = replace(COMPLETE, **changes)
    assert [(one.field, one.code) for one in unanswered(mapping)] == [(field, code)]
    with pytest.raises(Refusal) as refused:
        check_answered(mapping)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_epochs_ask_for_their_meaning_the_samples_and_the_batch():
    mapping = replace(COMPLETE, step=None, epoch=EpochColumn(column="epoch"))
    asked = [one.field for one in unanswered(mapping)]
    assert asked == ["batch_size", "epoch.meaning", "training_samples"]


def test_well_known_names_are_proposed_and_units_stay_open():
    columns = ["Run", "global_step", "time", "train/lr", "batch_size", "loss", "note"]
    proposed = suggested_mapping(columns, [["a", "1", "0.5", "0.1", "8", "2.0", "warm"]])
    assert proposed.run == "Run"
    assert proposed.step == "global_step"
    assert proposed.learning_rate == "train/lr"
    assert proposed.elapsed == ElapsedColumn(column="time", unit=None)
    assert proposed.batch_size == BatchColumn(column="batch_size", meaning=None)
    assert proposed.metrics == {"loss": "loss"}


def test_names_and_values_in_two_columns_are_a_long_log():
    rows = [["a", "1", "5", "loss", "2.0"], ["a", "1", "5", "lr", "0.1"]]
    proposed = suggested_mapping(["run", "step", "seconds", "metric", "value"], rows)
    assert (proposed.shape, proposed.name, proposed.value) == ("long", "metric", "value")
    assert proposed.learning_rate == "lr"
    assert proposed.metrics == {"loss": "loss"}


def test_a_tracker_says_its_own_steps_and_times():
    proposed = suggested_for_tracker(
        ["_step", "_timestamp", "loss", "epoch", "train/lr"], ["param.momentum", "param.seed"]
    )
    assert unanswered(proposed) == ()
    assert proposed.step == "_step"
    assert proposed.timestamp == TimestampColumn(column="_timestamp", form="unix_seconds")
    assert (proposed.momentum, proposed.seed) == ("param.momentum", "param.seed")
    assert proposed.learning_rate == "train/lr"
    assert proposed.metrics == {"loss": "loss"}


@pytest.mark.parametrize("name", ["param.lr", "config.learning_rate"])
def test_the_rate_that_a_run_was_told_to_begin_with_is_not_a_logged_rate(name):
    assert suggested_for_tracker(["_step", "_timestamp", "loss"], [name]).learning_rate is None
    names = ["_step", "_timestamp", "loss", "lr-AdamW"]
    assert suggested_for_tracker(names, [name]).learning_rate == "lr-AdamW"


@pytest.mark.parametrize(
    ("value", "refused_at"),
    [
        (lambda: ColumnMapping(shape="long"), "name"),
        (lambda: ColumnMapping(name="metric"), "name"),
        (lambda: BatchColumn(), "column"),
        (lambda: BatchColumn(column="bs", value=8), "column"),
        (lambda: BatchColumn(value=8, meaning="global", device_count=2), "device_count"),
        (lambda: ElapsedColumn(column="t", unit="fortnights"), "unit"),
        (lambda: TimestampColumn(column="t", form="stardate"), "form"),
        (lambda: EpochColumn(column="e", meaning="half"), "meaning"),
        (lambda: ColumnMapping(metrics={f"m{k}": "m" for k in range(201)}), "metrics"),
    ],
)
def test_nonsense_is_refused_at_its_field(value, refused_at):
    with pytest.raises(Refusal) as refused:
        value()
    assert refused.value.field == refused_at
