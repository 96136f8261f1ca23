"""What was typed of an import becomes its terms; nothing is put in the place of what was not."""

import pytest

from frontend.choices.import_terms import ASKED, LABELS, OF_TIMES, terms_of
from frontend.planning.schedule_form import schedule_document
from planner.refusal import Refusal
from tests.support.logged_runs import constant
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
    "stated": {},
    "without_time": False,
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


def test_devices_have_no_price_where_nothing_has_a_time():
    untimed = {**TYPED, "without_time": True, **dict.fromkeys(OF_TIMES), "evaluation_s": 0.0}
    terms = terms_of(untimed)
    assert terms.hardware.rent_per_gpu_hour is None
    assert (terms.device, terms.evaluations_included) == ("Cluster A", True)
    with pytest.raises(Refusal) as caught:
        terms_of({**untimed, "device": None})
    assert caught.value.field == "device"


def test_schedules_that_are_stated_go_with_the_terms():
    own = constant("growing", 200)
    terms = terms_of({**TYPED, "stated": {"growing": schedule_document(own)}})
    assert terms.schedules == (own,)


def test_a_schedule_that_nobody_stated_is_asked_for():
    with pytest.raises(Refusal) as caught:
        terms_of({**TYPED, "stated": {"growing": None}})
    assert (caught.value.field, caught.value.code) == ("schedules", "import_not_said")


def test_what_is_wrong_in_a_stated_schedule_is_refused_at_its_place():
    today = schedule_document(constant("today", 100))
    growing = schedule_document(constant("growing", 200))
    growing["learning_rate"]["initial"] = -1.0
    with pytest.raises(Refusal) as caught:
        terms_of({**TYPED, "stated": {"today": today, "growing": growing}})
    assert caught.value.field == "schedules[1].learning_rate.initial"
