"""Facts of reports: planted pilots with known stories, without any program running."""

from dataclasses import replace

from backend.services.report_sources import source_of
from planner.exchange.reports import ReportFacts
from planner.money import ExchangeRate, Money
from planner.reviews.review_input import ReviewInput
from tests.support.measured_pilots import H100, a_pilot, a_review_input

REPORTED_ON = "2026-11-24"

PAYS = a_review_input({"today": 0.10, "growing batch": 0.08})
NEVER = a_review_input(
    {"today": 0.10, "growing batch": 0.08},
    pilot=a_pilot(assumptions=replace(a_pilot().assumptions, trainings_per_month=0.01)),
)
UNSURE = a_review_input({"today": 0.10, "growing batch": 0.105}, spread=0.1)
SOMETIMES = a_review_input({"today": 0.10, "growing batch": 0.132}, spread=0.05)
LOST = a_review_input({"today": 0.10, "growing batch": 0.5})
UNPRICED = replace(PAYS, production=None)

FREE = replace(
    PAYS,
    hardware=replace(
        PAYS.hardware,
        rate_card=replace(
            H100, kind="this_computer", rent_per_gpu_hour=Money(amount=0.0, currency="USD")
        ),
    ),
)
"""Nobody has entered a price, so that no input moves the result."""

IN_YEN = replace(
    PAYS,
    assumptions=replace(
        PAYS.assumptions,
        currency="JPY",
        exchange_rates=(
            ExchangeRate(base="USD", quote="JPY", rate=149.85, as_of="2026-11-20"),
            ExchangeRate(base="JPY", quote="USD", rate=0.01, as_of="2026-01-05"),
            ExchangeRate(base="EUR", quote="USD", rate=1.1, as_of="2026-11-20"),
        ),
    ),
)
"""The price is in dollars and the review in yen: the first rate of the pair counts."""

STORIES = {
    "pays back": PAYS,
    "never": NEVER,
    "unsure": UNSURE,
    "censored": LOST,
    "unpriced": UNPRICED,
}
"""One review of every kind that a report has to tell."""


def facts_of(given: ReviewInput, *, schedule: str | None = None) -> ReportFacts:
    """The facts of a report on a review's input, about the candidate of the verdict by default."""
    return source_of(given, schedule=schedule, reported_on=REPORTED_ON, pilot_id="p1").facts
