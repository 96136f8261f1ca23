"""Packed series: what goes in comes out, and what is shown hides nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from backend.metric_store import (
    MOST_POINTS_A_CHUNK,
    Block,
    down_sampled,
    extend,
    extremes,
    joined,
    pack,
    unpack,
)

VALUES = st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")))


def a_block(values: list[float] | NDArray[np.float64], *, first: int = 1) -> Block:
    return Block(
        steps=np.arange(first, first + len(values), dtype=np.int64),
        columns=("loss",),
        samples=np.array([values], dtype=np.float64),
    )


def test_a_point_of_one_column_takes_sixteen_bytes_with_its_step() -> None:
    block = a_block([1.0] * 10)
    assert len(pack(block.steps)) + len(pack(block.samples)) == 10 * (8 + 8)


@given(st.lists(VALUES, min_size=1, max_size=50))
def test_a_packed_block_comes_back_bit_for_bit(values: list[float]) -> None:
    block = a_block(values)
    back = unpack(steps=pack(block.steps), columns=block.columns, samples=pack(block.samples))
    assert pack(back.samples) == pack(block.samples)
    assert back.steps.tolist() == block.steps.tolist()


@given(st.lists(st.integers(1, 700), min_size=1, max_size=8))
@settings(deadline=None)
def test_chunks_of_any_size_become_full_chunks_and_one_open_tail(sizes: list[int]) -> None:
    chunks: list[Block] = []
    first = 1
    for size in sizes:
        tail = chunks.pop() if chunks else None
        chunks += extend(tail, a_block(np.arange(first, first + size, dtype=float), first=first))
        first += size
    assert [len(chunk.steps) for chunk in chunks[:-1]] == [MOST_POINTS_A_CHUNK] * (len(chunks) - 1)
    assert joined(chunks).steps.tolist() == list(range(1, sum(sizes) + 1))


def test_a_new_column_starts_a_chunk_of_its_own() -> None:
    first = a_block([1.0])
    second = Block(
        steps=np.array([2]), columns=("accuracy", "loss"), samples=np.array([[0.5], [0.9]])
    )
    tail, opened = extend(first, second)
    assert (tail, opened.columns, opened.steps.tolist()) == (first, ("accuracy", "loss"), [2])
    whole = joined([first, second])
    assert whole.columns == ("accuracy", "loss")
    assert np.isnan(whole.column("accuracy")[0])
    assert whole.column("loss").tolist() == [1.0, 0.9]


def test_extremes_leave_out_what_is_not_finite() -> None:
    lowest, highest = extremes(a_block([3.0, float("nan"), 1.0]))
    assert (lowest.tolist(), highest.tolist()) == ([1.0], [3.0])
    nothing, _ = extremes(a_block([float("nan")]))
    assert np.isnan(nothing).all()


@given(
    st.integers(101, 5000),
    st.lists(st.tuples(st.integers(0, 4999), st.floats(-1e9, 1e9)), max_size=5),
    st.sampled_from([100, 256, 1000]),
)
@settings(deadline=None)
def test_down_sampling_keeps_both_extremes_and_both_ends(
    total: int, spikes: list[tuple[int, float]], points: int
) -> None:
    values = np.sin(np.arange(total))
    for place, height in spikes:
        values[place % total] = height
    shown = down_sampled(a_block(values), points=points)
    assert len(shown) <= max(points, 2)
    assert (np.diff(shown) > 0).all()
    assert (shown[0], shown[-1]) == (0, total - 1)
    assert values[shown].max() == values.max()
    assert values[shown].min() == values.min()


@pytest.mark.parametrize("place", [0, 1, 777, 2998, 2999])
def test_down_sampling_never_hides_a_value_that_was_not_finite(place: int) -> None:
    values = np.ones(3000)
    values[place] = np.nan
    assert place in down_sampled(a_block(values), points=100)


def test_a_short_series_is_shown_as_it_is() -> None:
    assert down_sampled(a_block([1.0] * 100), points=100).tolist() == list(range(100))


def test_every_column_keeps_its_own_spike() -> None:
    samples = np.zeros((3, 10_000))
    samples[0, 1111], samples[1, 2222], samples[2, 3333] = 9.0, -9.0, np.nan
    block = Block(steps=np.arange(10_000), columns=("a", "b", "c"), samples=samples)
    shown = set(down_sampled(block, points=1000).tolist())
    assert {1111, 2222, 3333} <= shown
    assert len(shown) <= 1000
