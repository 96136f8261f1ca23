"""Cards of equal height, each with one number and its range."""

from collections.abc import Iterable
from itertools import chain, repeat

from frontend.components.markup import element, show, text
from frontend.components.terms import marked
from frontend.session import current_language
from wording.cards import Card


def show_cards(cards: Iterable[Card], label: str, *, origins: Iterable[str] = ()) -> None:
    """Cards in a row, or below each other where they do not fit.

    Args:
        cards: In their order.
        label: What they are together, for those who listen.
        origins: Markup of the button that says where a card's number comes from, in their order.
    """
    drawn = map(_card, cards, chain(origins, repeat("")))
    show(element("section", *drawn, class_="pb-cards", aria_label=label))


def _card(card: Card, origin: str) -> str:
    pill = element("span", text(card.range), class_=f"pb-pill pb-{card.tone}") if card.range else ""
    return element(
        "div",
        element(
            "div",
            element("span", marked(card.label, current_language())),
            origin,
            class_="pb-card-label",
        ),
        element("div", text(card.value), class_="pb-card-value"),
        element("div", pill),
        class_="pb-card",
    )
