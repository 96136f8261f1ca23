"""What the address of a page says."""

import pytest

from frontend.session import leads_nowhere

PATHS = ("pilots", "plan", "worked-case")


@pytest.mark.parametrize(
    ("address", "nowhere"),
    [
        ("http://localhost:8501/", False),
        ("http://localhost:8501/?lang=ja", False),
        ("http://localhost:8501/plan?step=2", False),
        ("http://localhost:8501/plans", True),
        ("http://localhost:8501/worked-case/8", True),
        (None, False),
    ],
)
def test_an_address_without_a_page_is_told_from_the_start(address, nowhere):
    assert leads_nowhere(address, PATHS) is nowhere
