from dataclasses import replace
from datetime import UTC, datetime, timedelta

from frontend.views.review_basis import price_age
from tests.support.measured_pilots import H100


def read(days_ago):
    day = datetime.now(UTC).date() - timedelta(days=days_ago)
    return price_age(replace(H100, as_of=day.isoformat()), "en")


def test_a_price_says_how_old_it_is_and_an_old_one_asks_for_another_look():
    assert "read 10 days ago" in read(10)
    assert "pb-plain" in read(10)
    assert "pb-caution" in read(200)


def test_a_price_without_a_day_is_never_fresh():
    assert "pb-caution" in price_age(replace(H100, as_of=None), "en")


def test_a_price_that_was_typed_for_the_review_has_no_age():
    assert price_age(replace(H100, kind="own", as_of=None), "en") == ""
