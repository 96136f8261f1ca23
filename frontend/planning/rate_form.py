"""Rates that are stated for another form of momentum than the pilot's, and their conversion."""

from typing import get_args

from pydantic import ValidationError

from frontend.calls.codec import adapter
from frontend.planning.document import Document
from frontend.planning.schedule_form import schedule_document
from planner.refusal import Refusal
from planner.schedules.momentum import MomentumForm
from planner.schedules.momentum_form import effective_factor, in_form
from planner.schedules.schedule import Schedule

OWN = "own"
"""The pilot's own form, which a file states by leaving it out."""

RATE_FORMS: tuple[str, ...] = (OWN, *get_args(MomentumForm))
"""What rates can be stated for."""


def is_mixed(schedule: Document, form: MomentumForm) -> bool:
    """Whether its rates act otherwise in this form than in the one they are stated for."""
    value = _readable(schedule)
    return value is not None and effective_factor(value, form=form) != 1


def converted(schedule: Document, form: MomentumForm) -> Document | None:
    """The schedule with rates for another form and the same effect; None where there are none."""
    value = _readable(schedule)
    if value is None:
        return None
    try:
        return schedule_document(in_form(value, form=form))
    except Refusal:
        return None


def _readable(schedule: Document) -> Schedule | None:
    """None while it is not valid."""
    try:
        return adapter(Schedule).validate_python(schedule)
    except ValidationError:
        return None
