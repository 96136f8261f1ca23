"""Notifications as a list: when, what, and the way to where something can be done about it."""

from collections.abc import Iterable
from datetime import datetime

from frontend.components.markup import element, text
from planner.exchange.notifications import Notification
from wording.catalogue import say
from wording.language import Language
from wording.notifications import notification_path, notification_sentence
from wording.times import moment


def notification_list(
    told: Iterable[tuple[datetime, Notification]], language: Language, *, title: str
) -> str:
    """The list as markup.

    Args:
        told: Each with its moment on the reader's clock.
        language: Of the sentences.
        title: Of the list, for who cannot see it.
    """
    lines = (_line(at, one, language) for at, one in told)
    return element("ol", *lines, class_="pb-told", aria_label=title)


def _line(at: datetime, told: Notification, language: Language) -> str:
    new = element("span", text(say("page.notifications.new", language)), class_="pb-pill pb-good")
    sentence = element(
        "a",
        text(notification_sentence(told, language)),
        href=notification_path(told, language),
        target="_self",
    )
    when = element("time", text(moment(at, language)), datetime=told.at.isoformat())
    return element("li", when, element("span", sentence), "" if told.read else new)
