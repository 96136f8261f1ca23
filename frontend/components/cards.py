"""Cards of equal height, each with one number and its range."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from frontend.components.markup import element, show, text

Tone = Literal["good", "caution", "bad", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One number as people read it.

    Attributes:
        label: What it is.
        value: The number.
        range: How sure it is, or what it is measured against; empty for nothing.
        tone: Whether the range speaks for or against.
        origin: Markup of the button that says where the number comes from.
    """

    label: str
    value: str
    range: str = ""
    tone: Tone = "plain"
    origin: str = ""


def show_cards(cards: Iterable[Card], label: str) -> None:
    """Cards in a row, or below each other where they do not fit."""
    show(element("section", *map(_card, cards), class_="pb-cards", aria_label=label))


def _card(card: Card) -> str:
    pill = element("span", text(card.range), class_=f"pb-pill pb-{card.tone}") if card.range else ""
    return element(
        "div",
        element("div", element("span", text(card.label)), card.origin, class_="pb-card-label"),
        element("div", text(card.value), class_="pb-card-value"),
        element("div", pill),
        class_="pb-card",
    )
