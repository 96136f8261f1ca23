import pytest

from frontend.planning.name import numbered


@pytest.mark.parametrize(
    ("name", "taken", "given"),
    [
        ("Ours", set(), "Ours"),
        ("Ours", {"Ours"}, "Ours (2)"),
        ("Ours", {"Ours", "Ours (2)"}, "Ours (3)"),
        ("Ours (2)", {"Ours", "Ours (2)"}, "Ours (3)"),
        ("Ours (2)", {"Ours (2)"}, "Ours (3)"),
        ("", {""}, ""),
    ],
)
def test_a_second_plan_of_the_same_name_is_numbered(name, taken, given):
    assert numbered(name, taken) == given
