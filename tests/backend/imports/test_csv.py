"""Tables in text, wide and long: what they hold is read exactly, what is wrong has its line."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from backend.imports.reading import look, read
from backend.imports.table_text import BYTES_AT_ONCE
from backend.imports.text_lines import BLOCK_BYTES, LONGEST_LINE_BYTES
from planner.imports.mapping import (
    BatchColumn,
    ColumnMapping,
    ElapsedColumn,
    TimestampColumn,
)
from planner.refusal import Refusal

WIDE = ColumnMapping(
    run="run",
    step="step",
    elapsed=ElapsedColumn(column="time", unit="seconds"),
    metrics={"loss": "loss"},
)
LONG = replace(WIDE, shape="long", name="metric", value="value", learning_rate="lr")


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "log.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


def refused(path, mapping=WIDE):
    with pytest.raises(Refusal) as found:
        list(read(path, mapping))
    return found.value


def test_a_column_a_metric_and_two_runs_whose_rows_are_mixed(written):
    path = written("run,step,time,loss\na,1,0.5,2\nb,1,0.6,3\na,2,1.0,1\n")
    first, second = read(path, WIDE)
    assert (first.name, first.steps.tolist(), first.metrics["loss"].tolist()) == (
        "a",
        [1, 2],
        [2, 1],
    )
    assert (second.name, second.elapsed_s.tolist()) == ("b", [0.6])


def test_names_and_values_in_two_columns(written):
    path = written(
        "run,step,time,metric,value\n"
        "a,1,0.5,loss,2\na,1,0.6,lr,0.1\na,2,1,loss,1\na,2,1,ignored,7\n"
    )
    (run,) = read(path, LONG)
    assert run.steps.tolist() == [1, 2]
    assert run.elapsed_s.tolist() == [0.6, 1]
    assert run.metrics["loss"].tolist() == [2, 1]
    assert run.learning_rate[0] == 0.1
    assert np.isnan(run.learning_rate[1])


def test_two_values_of_one_name_and_step_are_refused_unless_the_last_counts(written):
    path = written("run,step,time,metric,value\na,1,1,loss,2\na,1,1,loss,3\n")
    said = refused(path, LONG)
    assert (said.code, said.params["other"], said.params["line"]) == (
        "import_rows_contradict",
        2,
        3,
    )
    (run,) = read(path, replace(LONG, repeats="last"))
    assert run.metrics["loss"].tolist() == [3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_byte_order_mark_quotes_and_empty_cells(written, delimiter):
    lines = ["run,step,time,loss", '"a, b",1,0.5,', "", '"a, b",2,1,NaN']
    text = "\r\n".join(lines).replace(", b", "; b").replace(",", delimiter)
    (run,) = read(written(text, "utf-8-sig"), WIDE)
    assert run.name == "a; b"
    assert np.isnan(run.metrics["loss"]).all()
    assert run.diverged_at == 2  # the empty cell said nothing, the NaN was logged


def test_a_decimal_comma_where_semicolons_stand_between(written):
    (run,) = read(written("run;step;time;loss\na;1;0,5;2,25\n"), WIDE)
    assert (run.elapsed_s[0], run.metrics["loss"][0]) == (0.5, 2.25)


@pytest.mark.parametrize(
    ("zone", "cell", "seconds"),
    [
        ("UTC", "2026-11-01 00:01:00", 60),
        ("Asia/Tokyo", "2026-11-01T00:01:00", 60),
        (None, "2026-11-01T09:01:00+09:00", 60),
        (None, "2026-11-01T00:01:00Z", 60),
    ],
)
def test_times_of_day_in_a_time_zone(written, zone, cell, seconds):
    first = cell.replace(":01:", ":00:")
    path = written(f"run,step,at,loss\na,1,{first},2\na,2,{cell},1\n")
    said = TimestampColumn(column="at", form="iso8601", time_zone=zone)
    (run,) = read(path, replace(WIDE, elapsed=None, timestamp=said))
    assert run.elapsed_s.tolist() == [0, seconds]


def test_a_time_without_an_offset_asks_for_its_zone(written):
    path = written("run,step,at,loss\na,1,2026-11-01T00:00:00,2\n")
    said = TimestampColumn(column="at", form="iso8601")
    mapping = replace(WIDE, elapsed=None, timestamp=said)
    assert refused(path, mapping).field == "timestamp.time_zone"
    there = replace(mapping, timestamp=replace(said, time_zone="Nowhere/Land"))
    assert refused(path, there).code == "import_time_zone_unknown"


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        (b"", "import_empty", {}),
        (b"run,step,time,loss\n", "import_empty", {}),
        (b"1,2,3\n4,5,6\n", "import_header_missing", {}),
        (b"run,step,step,loss\n", "import_column_repeated", {"column": "step"}),
        (b"run,step,time\na,1,1\n", "import_column_unknown", {"column": "loss"}),
        (b"run,step,time,loss\na,1,1,2,3\n", "import_cells_wrong", {"line": 2, "cells": 5}),
        (b'run,step,time,loss\na,1,1,"2"x\n', "import_line_unreadable", {"line": 2}),
        (b"run,step,time,loss\na,1,1,\0\n", "import_line_not_text", {"line": 2, "column": 7}),
        (b"run,step,time,loss\na,1,1,\xff\n", "import_line_not_text", {"line": 2, "column": 7}),
        (
            b"run,step,time,loss\na,1,1,2\na,2,2,low\n",
            "import_value_wrong",
            {"line": 3, "column": "loss", "value": "low"},
        ),
        (b"run,step,time,loss\na,,1,2\n", "import_no_steps", {"column": "step"}),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(written, text, code, params):
    said = refused(written(text))
    assert said.code == code
    assert said.params.items() >= params.items()


def test_a_line_without_an_end_is_refused_before_it_is_in_memory(tmp_path):
    path = tmp_path / "log.csv"
    with path.open("wb") as stream:
        stream.write(b"run,step,time,loss\n")
        stream.truncate(2**30)
    assert refused(path).code == "import_line_too_long"


def test_a_run_has_one_schedule_and_one_seed(written):
    text = "run,step,time,loss,arm,seed\na,1,1,2,grow,7\na,2,2,1,{arm},7\n"
    mapping = replace(WIDE, schedule="arm", seed="seed")
    (run,) = read(written(text.format(arm="grow")), mapping)
    assert (run.schedule, run.seed) == ("grow", 7)
    said = refused(written(text.format(arm="today")), mapping)
    assert (said.code, said.params["line"]) == ("import_fact_changes", 3)


def test_a_mapping_without_the_unit_of_its_time_is_refused_before_the_file_is_read(tmp_path):
    mapping = replace(WIDE, elapsed=ElapsedColumn(column="time"))
    assert refused(tmp_path / "none.csv", mapping).field == "elapsed.unit"


def test_a_look_says_columns_rows_runs_and_what_is_asked(written):
    path = written("run,step,time,loss,batch_size\na,1,0.5,2,8\nb,1,0.6,3,8\na,2,1.0,1,8\n")
    seen = look(path)
    assert [one.name for one in seen.columns] == ["run", "step", "time", "loss", "batch_size"]
    assert seen.first_rows[0] == ("a", "1", "0.5", "2", "8")
    assert [(one.name, one.rows) for one in seen.runs] == [("a", 2), ("b", 1)]
    assert [one.field for one in seen.asked] == ["elapsed.unit", "batch_size.meaning"]
    answered = replace(
        seen.suggested,
        elapsed=ElapsedColumn(column="time", unit="seconds"),
        batch_size=BatchColumn(column="batch_size", meaning="global"),
    )
    assert look(path, answered).asked == ()
    assert [run.batch_size.tolist() for run in read(path, answered)] == [[8, 8], [8]]


def test_a_look_at_a_long_table_says_what_its_rows_are_about(written):
    path = written("run,step,time,metric,value\na,1,1,loss,2\na,1,1,lr,0.1\n")
    seen = look(path)
    names = {one.name: one.sample for one in seen.columns if one.kind == "name"}
    assert names == {"loss": "2", "lr": "0.1"}
    assert seen.suggested.learning_rate == "lr"
    assert seen.first_rows[0] == ("a", "1", "1", "loss", "2")


def test_a_long_cell_is_shown_in_part(written):
    seen = look(written(f"run,step,time,loss,note\na,1,1,2,{'x' * 5000}\n"))
    assert seen.first_rows[0][-1] == seen.columns[-1].sample == "x" * 80


def test_a_look_under_a_mapping_that_names_another_column_is_refused(written):
    path = written("run,step,time,loss\na,1,1,2\n")
    with pytest.raises(Refusal) as found:
        look(path, replace(WIDE, run="trial"))
    assert found.value.code == "import_column_unknown"


def test_progress_is_told_in_bytes(written):
    path = written("run,step,time,loss\na,1,1,2\n")
    told = []
    list(read(path, WIDE, lambda done, size: told.append((done, size))))
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


def test_long_cells_are_not_held_by_the_thousand(tmp_path):
    """90 MiB of a column that nobody names, in rows that are whole only together with it."""
    path = tmp_path / "log.csv"
    row = ",".join(["a", "1", "1", "2", *["x" * 130_000] * 7])
    with path.open("w") as stream:
        stream.write("run,step,time,loss," + ",".join(f"note {place}" for place in range(7)) + "\n")
        for _ in range(100):
            stream.write(row + "\n")
    tracemalloc.start()
    try:
        (run,) = read(path, WIDE)
        look(path, WIDE)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(run.steps) == 1
    assert peak_bytes < 64 * 2**20


def test_a_row_that_a_quote_carries_over_line_after_line_is_refused(tmp_path):
    path = tmp_path / "log.csv"
    with path.open("w") as stream:
        stream.write('run,step,time,loss\n"')
        for _ in range(200):
            stream.write("x" * 100_000 + '\n","')
    said = refused(path)
    assert said.code == "import_line_unreadable"
    assert BYTES_AT_ONCE < said.params["line"] * 100_000 < BYTES_AT_ONCE + LONGEST_LINE_BYTES


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_lines_are_counted_over_blank_ones_and_cells_of_several_lines(written, ends):
    rows = ["run,step,time,loss,note", "a,1,1,2,x", "", 'a,2,2,1,"x', 'y"', "a,3,3,{loss},x", ""]
    (run,) = read(written(ends.join(rows).format(loss="0.5")), WIDE)
    assert run.metrics["loss"].tolist() == [2, 1, 0.5]
    assert refused(written(ends.join(rows).format(loss="low"))).params["line"] == 6
    assert refused(written(ends.join(rows).format(loss="1,2"))).params["line"] == 6


def test_lines_that_are_longer_than_a_block_or_end_with_it_are_read(written):
    """A block of lines may end anywhere: within a line, after it, within a letter."""
    cells = [f"{'é' * length}" for length in (1, 100_000, 3, 120_000, 7)]
    text = "run,step,time,loss,note\n"
    for place, cell in enumerate(cells):
        text += f"a,{place},{place},1,{cell}\n"
    rest = BLOCK_BYTES - len(text.encode()) % BLOCK_BYTES
    text += f"a,5,5,1,{'x' * (rest - 9)}\na,6,6,2,z\n"
    assert len(text.encode()) % BLOCK_BYTES == len("a,6,6,2,z\n")
    (run,) = read(written(text), WIDE)
    assert run.steps.tolist() == [0, 1, 2, 3, 4, 5, 6]
    broken = refused(written(text.encode() + b"a,7,7,\xff,z\n"))
    assert (broken.code, broken.params["line"], broken.params["column"]) == (
        "import_line_not_text",
        9,
        7,
    )


@pytest.mark.parametrize("column", ["run", "arm"])
def test_a_name_as_long_as_a_page_is_refused_with_its_line(written, column):
    row = {"run": "a", "step": "2", "time": "2", "loss": "1", "arm": "grow"} | {column: "x" * 1001}
    text = "run,step,time,loss,arm\na,1,1,2,grow\n" + ",".join(row.values()) + "\n"
    said = refused(written(text), replace(WIDE, schedule="arm"))
    assert (said.code, said.params["line"], said.params["column"]) == (
        "import_value_wrong",
        3,
        column,
    )
