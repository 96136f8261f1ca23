"""What the numbers of a review rest on, in a few sentences."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from frontend.components.markup import element, show, text
from frontend.price_book.table import age_pill
from frontend.session import Session
from planner.economics.rates import RateCard
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.basis import (
    exchange_sentences,
    measured_sentence,
    price_sentence,
    transfer_sentences,
)
from wording.language import Language
from wording.sentences import together
from wording.time_ratios import time_ratio_sentences


def basis(session: Session, review: Review) -> None:
    """Device, money, transfer and cost of the pilot; the same for every candidate."""
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


def time_ratios(review: Review, reviewed: ScheduleReview, language: Language) -> None:
    """How the ratio on the card belongs to those further down."""
    sentences = together(time_ratio_sentences(review, reviewed, language))
    if sentences:
        show(element("p", text(sentences), class_="pb-note"))


def _sentences(session: Session, review: Review) -> Iterator[str]:
    yield text(measured_sentence(review, session.language))
    price = text(price_sentence(review, session.language))
    yield f"{price} {price_age(review.price, session.language)}"
    yield from map(text, exchange_sentences(review, session.language))
    yield from map(text, transfer_sentences(review, session.language))


def price_age(card: RateCard, language: Language) -> str:
    """How old the price is, as a badge; nothing for a price that was typed."""
    if card.kind == "own":
        return ""
    age_days = None
    if card.as_of is not None:
        age_days = max(0, (datetime.now(UTC).date() - date.fromisoformat(card.as_of)).days)
    return age_pill(age_days, language)
