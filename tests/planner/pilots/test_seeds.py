import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.pilots.seeds import Seeds
from planner.refusal import Refusal


@pytest.mark.parametrize(
    ("confirmation", "selection", "field", "code"),
    [
        ((), (), "confirmation", "seeds_missing"),
        ((1, 2), (2, 3), "confirmation", "seed_in_both_phases"),
        ((1, 2, 1), (), "confirmation[2]", "seed_repeated"),
        ((1,), (3, 3), "selection[1]", "seed_repeated"),
        ((-1,), (), "confirmation[0]", "seed_out_of_range"),
        ((1,), (2**31,), "selection[0]", "seed_out_of_range"),
        (tuple(range(101)), (), "confirmation", "too_many_seeds"),
        ((500,), tuple(range(101)), "selection", "too_many_seeds"),
    ],
)
def test_seeds_that_would_spoil_the_comparison_are_refused(
    confirmation: tuple[int, ...], selection: tuple[int, ...], field: str, code: str
):
    with pytest.raises(Refusal) as refusal:
        Seeds(confirmation=confirmation, selection=selection)
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_hundred_seeds_and_the_largest_seed_are_accepted():
    assert len(Seeds(confirmation=(*range(99), 2**31 - 1)).confirmation) == 100


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 20), max_size=6).map(tuple),
    st.lists(st.integers(0, 20), max_size=6).map(tuple),
)
def test_accepted_seeds_are_all_different(
    confirmation: tuple[int, ...], selection: tuple[int, ...]
):
    every = confirmation + selection
    try:
        Seeds(confirmation=confirmation, selection=selection)
    except Refusal:
        assert len(set(every)) < len(every) or not every
    else:
        assert len(set(every)) == len(every) > 0
