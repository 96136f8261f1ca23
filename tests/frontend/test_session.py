"""What the address of a page says."""

import pytest

from frontend.session import asked_in_vain

PATHS = ("pilots", "plan", "worked-case")


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("http://localhost:8501/", None),
        ("http://localhost:8501/?lang=ja", None),
        ("http://localhost:8501/plan?step=2", None),
        ("http://localhost:8501/plans", "plans"),
        ("http://localhost:8501/%E8%A8%88%E7%94%BB/", "計画"),
        ("http://localhost:8501/worked-case/8", "8"),
        (None, None),
    ],
)
def test_an_address_without_a_page_is_told_from_the_start(address, asked):
    assert asked_in_vain(address, PATHS) == asked
