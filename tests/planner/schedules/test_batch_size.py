import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize, batch_segments, batch_size_by_epoch

any_batch = st.one_of(
    st.builds(BatchSize, initial=st.integers(1, 300)),
    st.builds(
        BatchSize,
        initial=st.integers(1, 300),
        growth=st.floats(1, 4),
        every_epochs=st.integers(1, 5),
    ),
    st.builds(
        BatchSize,
        initial=st.integers(1, 300),
        increase=st.integers(1, 300),
        every_epochs=st.integers(1, 5),
    ),
    st.sampled_from(
        ["0:8 10ba:16 1ep:4", "0ep:7 0.3ep:9 250sp:40", "0:500", "0:1 1Ksp:64", "0:90 1ba:7"]
    ).map(lambda text: BatchSize(thresholds=text)),
)


def by_stage(stages: int, **fields) -> list[int]:
    return batch_size_by_epoch(BatchSize(every_epochs=1, **fields), epochs=stages).tolist()


def segments(batch: BatchSize, *, training_samples: int, epochs: int) -> list[tuple[int, ...]]:
    """(epoch, first sample, batch size, steps) of every segment."""
    cut = batch_segments(batch, training_samples=training_samples, epochs=epochs)
    columns = (cut.epoch, cut.first_sample, cut.batch_size, cut.steps)
    return [tuple(int(column[row]) for column in columns) for row in range(len(cut.epoch))]


def test_growth_by_the_root_of_two_rounds_up_but_sixteen_stays_sixteen():
    sizes = by_stage(8, initial=8, growth=math.sqrt(2))
    assert sizes == [8, 12, 16, 23, 32, 46, 64, 91]


def test_growth_acts_every_so_many_epochs():
    batch = BatchSize(initial=8, growth=2, every_epochs=3)
    assert batch_size_by_epoch(batch, epochs=7).tolist() == [8, 8, 8, 16, 16, 16, 32]


def test_a_maximum_caps_plain_growth():
    assert by_stage(5, initial=8, growth=2, maximum=50) == [8, 16, 32, 50, 50]


def test_a_linear_growth_adds_the_same_number_up_to_its_maximum():
    assert by_stage(5, initial=8, increase=6) == [8, 14, 20, 26, 32]
    assert by_stage(5, initial=8, increase=6, maximum=20) == [8, 14, 20, 20, 20]


def test_land_on_ends_on_the_published_value_of_tiny_imagenet():
    sizes = by_stage(10, initial=8, growth=2, land_on=1024)
    assert sizes == [8, 10, 14, 22, 38, 70, 134, 261, 516, 1024]


def test_land_on_a_thousand_follows_the_affine_form():
    assert by_stage(6, initial=32, growth=2, land_on=1000) == [32, 64, 126, 251, 501, 1000]


def test_one_stage_stays_at_the_initial_batch():
    assert by_stage(1, initial=8, growth=2, land_on=64) == [8]


@pytest.mark.parametrize("end", [{"maximum": 1024}, {"land_on": 1024}])
def test_thousands_of_growths_never_overflow(end):
    sizes = by_stage(5000, initial=8, growth=1000.0, **end)
    assert sizes[0] == 8
    assert sizes[-1] == 1024


def test_thresholds_act_at_step_boundaries_inside_an_epoch():
    batch = BatchSize(thresholds="0:8 15ba:16 1.5ep:32 300sp:50")
    # 100 samples an epoch: 13 steps, then 2 steps to step 15 at sample 116, then 16s until 150,
    # reached by 3 steps at 164; the rest of epoch 1 is 36 samples: 2 steps of 32 and 4.
    assert segments(batch, training_samples=100, epochs=4) == [
        (0, 0, 8, 13),
        (1, 0, 8, 2),
        (1, 16, 16, 3),
        (1, 64, 32, 2),
        (2, 0, 32, 4),
        (3, 0, 50, 2),
    ]


def test_a_batch_larger_than_the_data_is_the_full_batch():
    cut = batch_segments(BatchSize(initial=128), training_samples=100, epochs=2)
    assert cut.batch_size.tolist() == [100, 100]
    assert cut.capped_at_data


@settings(max_examples=60)
@given(any_batch, st.integers(1, 400), st.integers(1, 6))
def test_every_epoch_consumes_the_data_exactly_once(batch, training_samples, epochs):
    rows = segments(batch, training_samples=training_samples, epochs=epochs)
    for epoch in range(epochs):
        cursor = 0
        for _, first_sample, size, steps in (row for row in rows if row[0] == epoch):
            assert first_sample == cursor
            assert cursor + (steps - 1) * size < training_samples
            cursor = min(cursor + steps * size, training_samples)
        assert cursor == training_samples


@settings(max_examples=60)
@given(st.integers(1, 300), st.floats(1.01, 8), st.integers(2, 30), st.integers(0, 5000))
def test_a_batch_that_lands_rises_from_its_first_to_its_last_value(first, growth, stages, more):
    sizes = by_stage(stages, initial=first, growth=growth, land_on=first + more)
    assert sizes[0] == first
    assert sizes[-1] == first + more
    assert (np.diff(sizes) >= 0).all()


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({}, "initial", "batch_size_missing"),
        ({"initial": 0}, "initial", "batch_size_too_small"),
        ({"initial": 10**10}, "initial", "batch_size_too_large"),
        ({"initial": 8, "growth": math.nan, "every_epochs": 1}, "growth", "batch_growth_too_small"),
        ({"initial": 8, "growth": 0.5, "every_epochs": 1}, "growth", "batch_growth_too_small"),
        ({"initial": 8, "growth": 2}, "every_epochs", "every_epochs_missing"),
        ({"initial": 8, "growth": 2, "every_epochs": 0}, "every_epochs", "below_minimum"),
        ({"initial": 8, "every_epochs": 2}, "every_epochs", "batch_growth_missing"),
        ({"initial": 8, "maximum": 16}, "maximum", "batch_growth_missing"),
        (
            {"initial": 8, "growth": 2, "every_epochs": 1, "maximum": 4},
            "maximum",
            "batch_end_below_initial",
        ),
        (
            {"initial": 8, "growth": 1, "every_epochs": 1, "land_on": 16},
            "land_on",
            "land_on_needs_growth",
        ),
        (
            {"initial": 8, "growth": 2, "every_epochs": 1, "land_on": 16, "maximum": 16},
            "land_on",
            "land_on_excludes_maximum",
        ),
        ({"initial": 8, "increase": 0, "every_epochs": 1}, "increase", "batch_size_too_small"),
        ({"initial": 8, "increase": 8}, "every_epochs", "every_epochs_missing"),
        (
            {"initial": 8, "increase": 8, "growth": 2.0, "every_epochs": 1},
            "increase",
            "batch_increase_excludes_growth",
        ),
        (
            {"initial": 8, "increase": 8, "every_epochs": 1, "land_on": 64},
            "land_on",
            "land_on_needs_growth",
        ),
        ({"initial": 8, "thresholds": "0:8"}, "initial", "thresholds_stand_alone"),
        ({"growth": 2.0, "thresholds": "0:8"}, "growth", "thresholds_stand_alone"),
        ({"thresholds": ""}, "thresholds", "thresholds_start_missing"),
        ({"thresholds": "1ep:8"}, "thresholds", "thresholds_start_missing"),
        ({"thresholds": "0:8 10ep"}, "thresholds", "thresholds_not_readable"),
        ({"thresholds": "0:8 10ep:x"}, "thresholds", "thresholds_not_readable"),
        ({"thresholds": "0:8 10:16"}, "thresholds", "position_not_readable"),
        ({"thresholds": "0:8 2ep:16 1ep:32"}, "thresholds", "thresholds_not_rising"),
        ({"thresholds": "0:0"}, "thresholds", "batch_size_too_small"),
    ],
)
def test_a_curve_that_means_nothing_is_refused_at_its_field(fields, field, code):
    with pytest.raises(Refusal) as refusal:
        BatchSize(**fields)
    assert (refusal.value.field, refusal.value.code) == (field, code)
