"""Ingredients of a number as people read them."""

import pytest

from planner.reviews.ingredient import Ingredient
from wording.quantities import ingredient_text


@pytest.mark.parametrize(("hours", "en", "ja"), [(40, "40 h", "40時間"), (2.5, "2.5 h", "2.5時間")])
def test_a_week_of_an_engineer_is_forty_hours_and_no_days_around_the_clock(hours, en, ja):
    asked = Ingredient(name="pilot_engineer_h", value=hours, unit="h", origin="assumed")
    assert ingredient_text(asked, "en") == en
    assert ingredient_text(asked, "ja") == ja


def test_a_device_works_around_the_clock():
    spent = Ingredient(name="pilot_device_h", value=40, unit="h", origin="measured")
    assert ingredient_text(spent, "en") == "1 d 16 h"
