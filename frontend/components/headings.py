"""Titles of pages and of the cards on them."""

from frontend.components.markup import element, show, text
from frontend.components.terms import marked
from frontend.session import current_language


def page_title(title: str, subtitle: str = "") -> None:
    """The one title of a page."""
    below = element("p", text(subtitle), class_="pb-subtitle") if subtitle else ""
    show(element("h1", text(title), class_="pb-title") + below)


def card_title(title: str, subtitle: str = "") -> None:
    """The title of a card, with what it shows and in which unit; it begins with a capital."""
    below = element("p", text(subtitle), class_="pb-card-subtitle") if subtitle else ""
    heading = marked(title[:1].upper() + title[1:], current_language())
    show(element("h2", heading, class_="pb-card-title") + below)
