import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.tables.stages import (
    StageRow,
    as_list,
    edited,
    even_stages,
    is_table,
    repeated,
    rows_of,
    split,
    with_rows,
)
from planner.schedules.batch_size import BatchSize, batch_segments


def schedule(thresholds, **rate):
    return {
        "name": "own",
        "learning_rate": {"initial": 0.1, **rate},
        "batch_size": {"thresholds": thresholds},
    }


def row(from_epoch, batch_size, learning_rate=None):
    return StageRow(from_epoch=from_epoch, batch_size=batch_size, learning_rate=learning_rate)


def test_thresholds_in_whole_epochs_are_a_table():
    assert is_table({"thresholds": "0:128 10ep:256"})
    assert not is_table({"thresholds": "0:128 500ba:256"})
    assert not is_table({"thresholds": "0:128 1.5ep:256"})
    assert not is_table({"initial": 8})
    assert not is_table({"initial": 8, "thresholds": None})


def test_a_table_of_batch_sizes_leaves_the_learning_rate_alone():
    own = schedule("0:128 10ep:256", decay="cosine")
    assert rows_of(own) == (row(0, 128), row(10, 256))
    assert with_rows(own, rows_of(own)) == own


def test_a_table_of_both_states_a_rate_for_every_stage():
    own = schedule("0:8 4ep:16", decay="stages", milestones_epochs=[4], rates=[0.3])
    assert rows_of(own) == (row(0, 8, 0.1), row(4, 16, 0.3))
    changed = with_rows(own, (row(0, 8, 0.2), row(5, 32, 0.4), row(9, 64, 0.05)))
    assert changed["batch_size"] == {"thresholds": "0:8 5ep:32 9ep:64"}
    assert changed["learning_rate"] == {
        "initial": 0.2,
        "decay": "stages",
        "milestones_epochs": [5, 9],
        "rates": [0.4, 0.05],
    }


def test_an_empty_cell_stays_in_the_table_for_the_api_to_refuse():
    changed = with_rows(schedule("0:8"), (row(0, 8), row(None, None)))
    assert changed["batch_size"] == {"thresholds": "0:8 ep:"}
    assert is_table(changed["batch_size"])
    assert rows_of(changed) == (row(0, 8), row(None, None))


def edits(edited_rows=None, added_rows=(), deleted_rows=()):
    return {
        "edited_rows": edited_rows or {},
        "added_rows": list(added_rows),
        "deleted_rows": list(deleted_rows),
    }


def test_an_untouched_table_is_the_table_itself():
    assert edited([row(0, 8), row(4, 16)], edits()) == (row(0, 8), row(4, 16))


def test_cells_are_written_into_the_row_at_their_place():
    before = [row(0, 8, 0.1), row(4, 16, 0.1)]
    after = edited(before, edits({1: {"from_epoch": 5, "learning_rate": 0.2}}))
    assert after == (row(0, 8, 0.1), row(5, 16, 0.2))


def test_an_emptied_cell_is_nothing():
    assert edited([row(0, 8)], edits({0: {"batch_size": None}})) == (row(0, None),)


def test_rows_are_added_at_the_end_and_taken_out_by_place():
    added = [{"from_epoch": 9, "batch_size": 64}, {}]
    after = edited([row(0, 8), row(4, 16)], edits(added_rows=added, deleted_rows=[1]))
    assert after == (row(0, 8), row(9, 64))


def test_even_stages_cover_the_run_and_double_the_batch():
    assert even_stages(first_batch_size=8, epochs=20, count=5) == (
        row(0, 8), row(4, 16), row(8, 32), row(12, 64), row(16, 128),
    )  # fmt: skip


@pytest.mark.parametrize("epochs", [1, 2, 3])
def test_a_run_shorter_than_the_stages_has_one_a_epoch(epochs):
    assert len(even_stages(first_batch_size=8, epochs=epochs, count=5)) == epochs


THREE = (row(0, 8, 0.1), row(5, 16, 0.2), row(10, 32, 0.3))


def test_a_stage_is_split_into_halves_that_do_the_same():
    first_half, second_half = row(0, 8, 0.1), row(3, 8, 0.1)
    assert split(THREE, 0, epochs=20) == (first_half, second_half, *THREE[1:])
    assert split(THREE, 2, epochs=20) == (*THREE, row(15, 32, 0.3))


def test_a_stage_of_one_epoch_or_without_an_end_is_not_split():
    short = (row(0, 8), row(1, 16), row(None, 32))
    assert split(short, 0, epochs=20) == short
    assert split(short, 1, epochs=20) == short
    assert split(THREE, 2, epochs=10) == THREE  # it begins when the run has ended


def test_a_stage_is_repeated_after_itself_and_the_others_begin_that_much_later():
    assert repeated(THREE, 0, epochs=20) == (
        row(0, 8, 0.1), row(5, 8, 0.1), row(10, 16, 0.2), row(15, 32, 0.3),
    )  # fmt: skip
    assert repeated(THREE, 2, epochs=20)[-1] == row(20, 32, 0.3)


def test_a_list_made_of_a_table_means_the_same_and_is_no_table():
    rows = even_stages(first_batch_size=8, epochs=20, count=5)
    listed = as_list(rows)
    assert listed.split() == ["0:8", "4.0ep:16", "8.0ep:32", "12.0ep:64", "16.0ep:128"]
    assert not is_table({"thresholds": listed})
    table = with_rows(schedule("0:1"), rows)["batch_size"]["thresholds"]
    by_list, by_table = (
        batch_segments(BatchSize(thresholds=text), training_samples=100, epochs=20)
        for text in (listed, table)
    )
    assert by_list.batch_size.tolist() == by_table.batch_size.tolist()


whole = st.none() | st.integers(1, 10**6)


@given(st.lists(st.builds(row, whole, whole, st.floats(1e-6, 1)), min_size=1, max_size=6))
def test_what_is_written_into_a_table_is_read_back_from_it(rows):
    own = schedule("0:1", decay="stages")
    assert rows_of(with_rows(own, rows)) == tuple(rows)
