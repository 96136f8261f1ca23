"""The pages, one module each; every one is a function of a session."""

from frontend.views import (
    catalogue,
    decide,
    live,
    notifications,
    pilots,
    plan,
    prices,
    reports,
    review,
    settings,
    signed_out,
    throughput,
    worked_case,
)

__all__ = [
    "catalogue",
    "decide",
    "live",
    "notifications",
    "pilots",
    "plan",
    "prices",
    "reports",
    "review",
    "settings",
    "signed_out",
    "throughput",
    "worked_case",
]
