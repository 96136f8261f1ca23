"""Schedules that a log does not show, written with the fields of a plan on a desk of their own."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from frontend.calls.codec import adapter
from frontend.planning.document import Document
from frontend.planning.form import Remark
from frontend.planning.schedule_form import batch_shape, rate_shape, schedule_document
from planner.exchange.imports import ReadSchedule
from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule

FIRST_EPOCHS = 10
"""From which fields that count epochs begin, where nobody said how many there were."""


def stated_document(
    read: Iterable[ReadSchedule], before: Iterable[Schedule], *, training_samples: int | None
) -> Document:
    """Every schedule of a file as the fields of a plan take them.

    What the log says of the first rate and batch is filled in; what it does not say stays open.

    Args:
        read: As the mapping reads them.
        before: What was stated already.
        training_samples: Of one epoch, where it was said.
    """
    known = {schedule.name: schedule_document(schedule) for schedule in before}
    listed = list(read)
    epochs = max((_epochs(one, training_samples) for one in listed), default=FIRST_EPOCHS)
    schedules = [known.get(one.name) or _from_log(one) for one in listed]
    return {"pilot": {"schedules": schedules, "budget": {"epochs": epochs}}}


def stated_schedule(document: Document) -> Schedule:
    """A schedule from its fields.

    Raises:
        Refusal: At the first field that is open or wrong, relative to the schedule.
    """
    try:
        return adapter(Schedule).validate_python(document)
    except ValidationError as error:
        raise _refusal(error) from error


def remarks_on_stated(document: Document, place: int) -> tuple[Remark, ...]:
    """Why one schedule of a document is none yet, at its field."""
    try:
        stated_schedule(document["pilot"]["schedules"][place])
    except Refusal as refusal:
        return (
            Remark(
                field=f"pilot.schedules[{place}].{refusal.field}",
                code=refusal.code,
                params=dict(refusal.params),
                refused=True,
            ),
        )
    return ()


def forms_of(schedule: Schedule) -> tuple[str, str]:
    """Keys of the words for its rate and its batch, as the fields of a plan call them."""
    document = schedule_document(schedule)
    rate, batch = document["learning_rate"], document["batch_size"]
    return f"page.plan.rate_{rate_shape(rate)}", f"page.plan.batch_{batch_shape(batch)}"


def _from_log(one: ReadSchedule) -> Document:
    plain = Schedule(
        name=one.name,
        learning_rate=LearningRate(initial=1.0),
        batch_size=BatchSize(initial=1),
    )
    document = schedule_document(plain)
    document["learning_rate"]["initial"] = _first(one.learning_rate)
    first_batch = _first(one.batch_size)
    document["batch_size"]["initial"] = None if first_batch is None else round(first_batch)
    return document


def _epochs(one: ReadSchedule, training_samples: int | None) -> int:
    """Epochs of its longest run, if its first batch were all of them."""
    batch = _first(one.batch_size)
    if training_samples is None or batch is None or not one.steps:
        return FIRST_EPOCHS
    return max(1, round(one.steps[-1] * batch / training_samples))


def _first(values: Iterable[float | None]) -> float | None:
    return next((value for value in values if value), None)


def _refusal(error: ValidationError) -> Refusal:
    """Pydantic's first complaint as a field and a code."""
    found: dict[str, Any] = dict(error.errors(include_url=False)[0])
    cause = (found.get("ctx") or {}).get("error")
    path = [str(part) for part in found["loc"]]
    if isinstance(cause, Refusal):
        return Refusal(".".join(filter(None, [*path, cause.field])), cause.code, **cause.params)
    return Refusal(".".join(path), "missing")
