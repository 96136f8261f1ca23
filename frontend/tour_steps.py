"""The five steps of the tour: on which page each is, and what of the example it needs."""

from dataclasses import dataclass
from typing import Literal

from frontend.example_pilot import Standing

TOUR_PARAM = "tour"

Way = Literal["next", "finish", "start", "wait", "raise", "there"]
"""What leads on from a step: the next one, the end, a start of the example, the example's own end,
a cap that somebody must raise, or the page that the step is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step.

    Attributes:
        name: Key of its words below ``page.tour``.
        path: Of its page.
        needs_results: Whether it shows what only a finished example has.
    """

    name: str
    path: str
    needs_results: bool = True


STEPS = (
    Step(name="compared", path="plan", needs_results=False),
    Step(name="watch", path="live", needs_results=False),
    Step(name="answer", path="review"),
    Step(name="assumption", path="review"),
    Step(name="meeting", path="reports"),
)


def number_of(value: str | None) -> int | None:
    """The step that a link names, counted from 1; None for anything else."""
    return int(value) if value in {str(place) for place in range(1, len(STEPS) + 1)} else None


def way_on(number: int, standing: Standing, *, path: str) -> Way:
    """What leads on from a step that is shown on the page at ``path``."""
    step = STEPS[number - 1]
    following = STEPS[number] if number < len(STEPS) else None
    if standing in ("absent", "cancelled"):
        return "start"
    if path != step.path:
        return "there"
    if standing != "done" and (step.needs_results or (following and following.needs_results)):
        return "raise" if standing == "held" else "wait"
    return "next" if following else "finish"
