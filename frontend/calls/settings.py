"""What the page of settings asks the API."""

from collections.abc import Mapping

from frontend.calls.api import Api
from planner.exchange.states import MonthCaps, MonthCapsChange


def month_caps(api: Api) -> MonthCaps:
    """What the installation may use in a month, has used, and is expected to."""
    return api.get(MonthCaps, "/api/caps")


def month_caps_history(api: Api) -> tuple[MonthCapsChange, ...]:
    """Who changed that, newest first."""
    return api.get(tuple[MonthCapsChange, ...], "/api/caps/history")


def set_month_caps(api: Api, limits: Mapping[str, object]) -> MonthCaps:
    """Other limits from now on; None is no cap."""
    return api.post(MonthCaps, "/api/caps", dict(limits), method="PUT")
