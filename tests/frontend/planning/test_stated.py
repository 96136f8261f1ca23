"""A schedule that a log does not show is written with the fields of a plan; nothing is guessed."""

import pytest

from frontend.planning.document import written
from frontend.planning.stated import (
    FIRST_EPOCHS,
    forms_of,
    remarks_on_stated,
    stated_document,
    stated_schedule,
)
from planner.exchange.imports import ReadSchedule
from planner.refusal import Refusal
from tests.support.logged_runs import constant
from wording.catalogue import knows


def a_schedule(
    name: str,
    *,
    rates: tuple[float | None, ...] = (0.1, 0.3),
    batches: tuple[float | None, ...] = (64.0, 128.0),
) -> ReadSchedule:
    return ReadSchedule(
        name=name,
        runs=3,
        steps=(0, 500),
        learning_rate=rates,
        batch_size=batches,
        inferred=None,
        not_inferred="no_form_fits",
    )


def test_the_fields_begin_with_what_the_log_says():
    document = stated_document([a_schedule("a")], (), training_samples=1000)
    (one,) = document["pilot"]["schedules"]
    assert (one["name"], one["learning_rate"]["initial"], one["batch_size"]["initial"]) == (
        "a",
        0.1,
        64,
    )
    # 500 steps of 64 samples are 32 epochs of 1,000.
    assert document["pilot"]["budget"]["epochs"] == 32
    assert stated_schedule(one).batch_size.initial == 64


def test_what_the_log_does_not_say_stays_open_and_is_refused_until_it_is_said():
    silent = a_schedule("a", rates=(None, None), batches=(None, None))
    document = stated_document([silent], (), training_samples=None)
    assert document["pilot"]["budget"]["epochs"] == FIRST_EPOCHS
    (one,) = document["pilot"]["schedules"]
    assert one["learning_rate"]["initial"] is None
    with pytest.raises(Refusal) as caught:
        stated_schedule(one)
    assert (caught.value.field, caught.value.code) == ("learning_rate.initial", "missing")
    said = written(document, "pilot.schedules[0].learning_rate.initial", 0.2)
    said = written(said, "pilot.schedules[0].batch_size.initial", 32)
    assert stated_schedule(said["pilot"]["schedules"][0]).learning_rate.initial == 0.2


def test_what_was_stated_before_is_shown_again():
    before = constant("a", 96)
    document = stated_document([a_schedule("a"), a_schedule("b")], (before,), training_samples=None)
    assert stated_schedule(document["pilot"]["schedules"][0]) == before


def test_what_is_wrong_is_said_beside_its_field():
    document = stated_document([a_schedule("a"), a_schedule("b")], (), training_samples=None)
    assert remarks_on_stated(document, 1) == ()
    wrong = written(document, "pilot.schedules[1].batch_size.initial", 0)
    (remark,) = remarks_on_stated(wrong, 1)
    assert remark.field == "pilot.schedules[1].batch_size.initial"
    assert remark.refused
    assert knows(f"refusal.{remark.code}")


def test_a_schedule_is_called_by_its_forms():
    rate, batch = forms_of(constant("a", 64))
    assert (rate, batch) == ("page.plan.rate_constant", "page.plan.batch_constant")
    assert knows(rate)
    assert knows(batch)
