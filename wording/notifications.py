"""Notifications in words: one sentence each, and the page that it leads to."""

from typing import cast
from urllib.parse import urlencode

from planner.exchange.notifications import Notification
from planner.pilots.cap_use import CapScope, CapUnit, CapUse
from wording.caps import limit_words
from wording.catalogue import say
from wording.language import Language
from wording.runs import named_run

_PAGES = {
    "pilot_finished": "review",
    "run_diverged": "live",
    "run_failed": "live",
    "cap_reached": "live",
    "gate_ready": "decide",
}
"""Where the reader can do something about it."""


def notification_sentence(told: Notification, language: Language) -> str:
    """What happened, in one or two sentences that begin with the pilot."""
    facts: dict[str, str | float] = {**told.facts, "pilot": told.pilot_name}
    if "seed" in told.facts:
        facts["run"] = _run_name(told, language)
    if told.kind == "cap_reached":
        facts["limit"] = limit_words(_cap(told), language)
        return say(f"notification.cap_{told.facts['scope']}", language, **facts)
    if told.kind == "gate_ready":
        facts["gate"] = say(f"gate.{told.facts['gate']}", language)
        return say(f"notification.gate_{told.facts['why']}", language, **facts)
    return say(f"notification.{told.kind}", language, **facts)


def notification_path(told: Notification, language: Language | None = None) -> str:
    """Path and query of the page that a notification leads to, about its pilot.

    Without a language the page speaks that of whoever opens it.
    """
    page = "settings" if told.facts.get("scope") == "month" else _PAGES[told.kind]
    query = {"pilot": told.pilot_id} | ({"lang": language} if language else {})
    return f"/{page}?{urlencode(query)}"


def _run_name(told: Notification, language: Language) -> str:
    """Name of the run that it is about."""
    schedule = str(told.facts["schedule"])
    if not schedule:
        return say("page.live.probe", language)
    return named_run(
        schedule=schedule,
        rate_multiplier=float(told.facts["rate_multiplier"]),
        seed=int(told.facts["seed"]),
        language=language,
    )


def _cap(told: Notification) -> CapUse:
    """The cap that was used up."""
    facts = told.facts
    return CapUse(
        scope=cast("CapScope", facts["scope"]),
        unit=cast("CapUnit", facts["unit"]),
        used=float(facts["limit"]),
        limit=float(facts["limit"]),
        currency=str(facts["currency"]),
    )
