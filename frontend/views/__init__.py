"""The pages, one module each; every one is a function of a session."""

from frontend.views import (
    catalogue,
    compare,
    decide,
    guide,
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
    tour,
    worked_case,
)

__all__ = [
    "catalogue",
    "compare",
    "decide",
    "guide",
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
    "tour",
    "worked_case",
]
