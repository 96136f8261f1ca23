"""What the numbers of a review rest on, in a few sentences."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from frontend.components.markup import element, show, text
from frontend.price_book.table import age_pill
from frontend.session import Session
from planner.economics.rates import RateCard
from planner.reviews.review import Review
from wording.language import Language
from wording.money import money
from wording.times import day, duration

_HOUR_S = 3600


def basis(session: Session, review: Review) -> None:
    """Device, price, transfer and cost of the pilot; nothing here changes with the candidate."""
    title = session.say("page.review.basis_title")
    sentences = "".join(element("li", found) for found in _sentences(session, review))
    show(
        element(
            "section",
            element("h2", text(title), class_="pb-card-title"),
            element("ul", sentences),
            class_="pb-basis",
            aria_label=title,
        )
    )


def _sentences(session: Session, review: Review) -> Iterator[str]:
    yield text(session.say("page.review.basis_measured", device=review.measured_on))
    yield f"{text(_price(session, review))} {price_age(review.price, session.language)}"
    yield from map(text, _plain_sentences(session, review))


def price_age(card: RateCard, language: Language) -> str:
    """How old the price is, as a badge; nothing for a price that was typed."""
    if card.kind == "own":
        return ""
    age_days = None
    if card.as_of is not None:
        age_days = max(0, (datetime.now(UTC).date() - date.fromisoformat(card.as_of)).days)
    return age_pill(age_days, language)


def _plain_sentences(session: Session, review: Review) -> Iterator[str]:
    language = session.language
    if review.production is None:
        yield session.say("page.review.basis_pilot_itself")
    else:
        yield session.say(
            "page.review.basis_transferred",
            hours=duration(review.production.training_h * _HOUR_S, language),
            count=review.production.device_count,
        )
    yield session.say(
        "page.review.basis_pilot_cost",
        hours=duration(review.pilot_device_h * _HOUR_S, language),
        cost=money(review.pilot_cost.amount, review.pilot_cost.currency, language),
    )
    if review.extrapolated:
        yield session.say(
            "page.review.basis_extrapolated", schedules=", ".join(review.extrapolated)
        )


def _price(session: Session, review: Review) -> str:
    card = review.price
    rent = card.rent_per_gpu_hour
    if card.kind == "own":
        source = session.say("page.review.basis_price_own")
    else:
        known = day(card.as_of, session.language) if card.as_of else ""
        dated = known or session.say("page.review.basis_price_undated")
        source = ", ".join(part for part in (card.vendor, card.source, dated) if part)
    return session.say(
        "page.review.basis_price",
        price=money(rent.amount, rent.currency, session.language),
        source=source,
    )
