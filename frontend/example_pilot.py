"""The pilot that everybody may start: what it is, whether it was started, how far it is."""

from typing import Literal

from frontend.session import Session, choose_pilot
from planner.exchange.page_states import PilotSummary
from planner.exchange.states import PilotRequest
from planner.pilots.pilot import Pilot

Standing = Literal["absent", "running", "held", "cancelled", "done"]
"""Held: it waits for a cap to be raised."""


def example(session: Session) -> Pilot:
    """The plan of the first example."""
    return session.api.examples()[0].pilot


def start(session: Session) -> None:
    """Starts it and makes it the pilot that every page is about."""
    started = session.api.create_pilot(PilotRequest(pilot=example(session)))
    choose_pilot(started.id)


def newest(session: Session) -> PilotSummary | None:
    """The example that was started last; None before anybody did."""
    name = example(session).name
    found = session.api.pilot_summaries(search=name, page_size=1).items
    return found[0] if found else None


def standing(summary: PilotSummary | None) -> Standing:
    """Where it stands, as far as somebody waits for its end."""
    if summary is None:
        return "absent"
    if summary.phase in ("done", "cancelled"):
        return "done" if summary.phase == "done" else "cancelled"
    return "held" if summary.cap_reached else "running"
