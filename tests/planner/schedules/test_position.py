import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.schedules.position import Position, parse_position


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("10ep", 10, "ep"),
        ("0.5ep", 0.5, "ep"),
        ("100ba", 100, "ba"),
        ("10Ksp", 10_000, "sp"),
        ("1.5Msp", 1_500_000, "sp"),
        ("2Bsp", 2_000_000_000, "sp"),
        ("1Bba", 1_000_000_000, "ba"),
    ],
)
def test_a_position_is_a_number_a_suffix_and_a_unit(text, amount, unit):
    assert parse_position(text, field="every") == Position(amount=amount, unit=unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "position_not_readable"),
        ("10", "position_not_readable"),
        ("ep", "position_not_readable"),
        ("-1ep", "position_not_readable"),
        ("1e3ba", "position_not_readable"),
        ("nanep", "position_not_readable"),
        ("10 ep", "position_not_readable"),
        ("٣ep", "position_not_readable"),
        ("0.5ba", "position_not_whole"),
        ("1.0005Ksp", "position_not_whole"),
        ("99999Bsp", "position_too_far"),
    ],
)
def test_anything_else_is_refused(text, code):
    with pytest.raises(Refusal) as refusal:
        parse_position(text, field="every")
    assert (refusal.value.field, refusal.value.code) == ("every", code)


@given(st.integers(0, 10**11), st.sampled_from(["ep", "ba", "sp"]))
def test_a_whole_number_of_any_unit_is_read_exactly(amount, unit):
    assert parse_position(f"{amount}{unit}", field="every") == Position(amount=amount, unit=unit)
