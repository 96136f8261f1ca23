"""What the numbers of a review rest on, in a few sentences."""

from collections.abc import Iterator
from decimal import Decimal

from planner.economics.cost import SECONDS_PER_HOUR
from planner.money import ExchangeRate
from planner.pilots.imported import Imported
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.catalogue import say
from wording.language import Language
from wording.money import money
from wording.numbers import number
from wording.time_ratios import time_ratio_sentences
from wording.times import day, duration


def basis_sentences(review: Review, reviewed: ScheduleReview, language: Language) -> list[str]:
    """Device, ratios of one candidate's times, price, exchange, transfer, cost of the pilot."""
    return [
        measured_sentence(review, language),
        *time_ratio_sentences(review, reviewed, language),
        price_sentence(review, language),
        *exchange_sentences(review, language),
        *transfer_sentences(review, language),
    ]


def measured_sentence(review: Review, language: Language) -> str:
    """On which device everything was measured, or where it was imported from."""
    found = review.imported
    if found is not None:
        return imported_sentence(found, language)
    return say("page.review.basis_measured", language, device=review.measured_on)


def imported_sentence(found: Imported, language: Language) -> str:
    """Where imported runs come from, and what their seconds are."""
    apart = found.evaluation_s is not None
    kind = "without_evaluations" if apart else "with_evaluations"
    said = say(
        "page.review.basis_imported",
        language,
        file=found.file_name,
        source=say(f"import.source.{found.source}", language),
        device=f"{number(found.device_count, language)} \u00d7 {found.device}",
        evaluations=say(f"page.review.basis_imported_{kind}", language),
    )
    left_out = (("left_out", found.runs_left_out), ("untimed", found.evaluations_left_out))
    told = (
        say(f"page.review.basis_imported_{kind}", language, count=number(count, language))
        for kind, count in left_out
        if count
    )
    return " ".join((said, *told))


def price_sentence(review: Review, language: Language) -> str:
    """What a device-hour costs, and who says so since when."""
    card = review.price
    rent = card.rent_per_gpu_hour
    if card.kind == "own":
        source = say("page.review.basis_price_own", language)
    else:
        known = day(card.as_of, language) if card.as_of else ""
        dated = known or say("page.review.basis_price_undated", language)
        source = ", ".join(part for part in (card.vendor, card.source, dated) if part)
    price = money(rent.amount, rent.currency, language)
    return say("page.review.basis_price", language, price=price, source=source)


def exchange_sentences(review: Review, language: Language) -> Iterator[str]:
    """At what rates amounts in another currency are stated; of every pair the rate that counts."""
    assumed = review.assumptions
    rates: dict[frozenset[str], ExchangeRate] = {}
    for rate in assumed.exchange_rates:
        if assumed.currency in (rate.base, rate.quote):
            rates.setdefault(frozenset((rate.base, rate.quote)), rate)
    for rate in rates.values():
        yield say(
            "page.review.basis_exchange",
            language,
            base=rate.base,
            quote=rate.quote,
            rate=_exactly(rate.rate, language),
            day=day(rate.as_of, language),
        )


def _exactly(rate: float, language: Language) -> str:
    """With all the decimals that were entered, and no others."""
    exponent = Decimal(repr(float(rate))).normalize().as_tuple().exponent
    return number(rate, language, decimals=max(0, -int(exponent)))


def transfer_sentences(review: Review, language: Language) -> Iterator[str]:
    """To which training the pilot was carried over, what it cost, and what is extrapolated."""
    if review.production is None:
        yield say("page.review.basis_pilot_itself", language)
    else:
        yield say(
            "page.review.basis_transferred",
            language,
            hours=duration(review.production.training_h * SECONDS_PER_HOUR, language),
            count=review.production.device_count,
        )
    yield say(
        "page.review.basis_pilot_cost",
        language,
        hours=duration(review.pilot_device_h * SECONDS_PER_HOUR, language),
        cost=money(review.pilot_cost.amount, review.pilot_cost.currency, language),
    )
    yield from _communication(review, language)
    if review.extrapolated:
        schedules = ", ".join(review.extrapolated)
        yield say("page.review.basis_extrapolated", language, schedules=schedules)


def _communication(review: Review, language: Language) -> Iterator[str]:
    """Of which numbers of devices composed times hold what these say to each other, or lack it."""
    found = review.communication
    if found is None:
        return
    for key, counts in (("in", found.measured), ("left_out", found.left_out)):
        if counts:
            told = ", ".join(number(count, language) for count in counts)
            yield say(f"page.review.basis_communication_{key}", language, devices=told)
