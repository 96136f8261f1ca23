"""What was typed of an import becomes its terms; nothing is put in the place of what was not."""

import pytest

from frontend.choices.import_terms import ASKED, LABELS, terms_of
from planner.refusal import Refusal
from wording.catalogue import knows

TYPED = {
    "name": "Last year",
    "workload": "our model",
    "training_samples": 1000,
    "metric": "validation_loss",
    "direction": "below",
    "value": 0.5,
    "sustained": 2,
    "quality": None,
    "tolerance": None,
    "baseline": "today",
    "candidates": ["growing"],
    "seeds_in_order": False,
    "device": "Cluster A",
    "count": 4,
    "price": 2.0,
    "currency": "JPY",
    "included": False,
    "evaluation_s": 3.5,
}


def test_money_is_in_the_currency_of_the_price():
    terms = terms_of(TYPED)
    assert terms.assumptions.currency == "JPY"
    assert (terms.evaluations_included, terms.evaluation_s) == (False, 3.5)


@pytest.mark.parametrize("part", ASKED)
def test_what_nobody_may_guess_is_asked_by_the_name_that_the_page_gives_it(part: str):
    with pytest.raises(Refusal) as caught:
        terms_of({**TYPED, part: None})
    assert (caught.value.field, caught.value.code) == (ASKED[part], "import_not_said")
    assert knows(f"page.import.{LABELS[caught.value.field]}")
