"""The candidate on several kinds of hardware side by side; which ones stands in the link."""

import streamlit as st

from frontend.components.chart_card import csv_button, csv_bytes
from frontend.components.facts import show_facts
from frontend.components.markup import element, text
from frontend.session import Session, link, linked
from frontend.tables.hardware import CSV_COLUMNS, HardwareRow, csv_rows, hardware_rows
from planner.economics.rates import RateCard
from planner.pilots.pilot import HardwareChoice
from planner.reviews.review import Review
from planner.reviews.review_input import MOST_COMPARED, ComparedHardware
from planner.reviews.schedule_review import ScheduleReview

COMPARE_PARAM = "compare"
COLUMNS = ("hardware", "price", "time", "cost", "net_benefit", "payback", "reading")

_KEY = "compared_hardware"


def asked_hardware(
    prices: tuple[RateCard, ...], *, device_count: int
) -> tuple[ComparedHardware, ...]:
    """What the link asks to be set side by side."""
    return tuple(
        ComparedHardware(hardware=HardwareChoice(profile=profile, device_count=device_count))
        for profile in _asked(prices)
    )


def hardware_table(
    session: Session, review: Review, reviewed: ScheduleReview, prices: tuple[RateCard, ...]
) -> None:
    """A row for every kind of hardware, the review's own first."""
    by_id = {card.id: card for card in prices}
    st.multiselect(
        session.say("page.review.compare_with"),
        [card.id for card in prices if card.id != review.price.id],
        default=[profile for profile in _asked(prices) if profile != review.price.id],
        format_func=lambda profile: _name(session, by_id[profile]),
        key=_KEY,
        on_change=_chosen,
        max_selections=MOST_COMPARED,
        select_all=False,
        placeholder=session.say("page.review.compare_none"),
    )
    rows = hardware_rows(review, reviewed, session.language)
    label = session.say("page.review.details_hardware")
    titles = [session.say(f"page.review.hardware_{name}") for name in COLUMNS]
    show_facts(titles, [_cells(row) for row in rows], label=label)
    csv_button(
        session, "hardware", lambda: csv_bytes(CSV_COLUMNS, csv_rows(review, reviewed)), label
    )


def _cells(row: HardwareRow) -> list[str]:
    price = text(row.price) + element("small", text(row.price_source), class_="pb-muted")
    numbers = (row.training, row.cost, row.net_benefit, row.payback)
    return [text(row.name), price, *map(text, numbers), text(row.reading)]


def _asked(prices: tuple[RateCard, ...]) -> list[str]:
    known = {card.id for card in prices}
    named = (linked(COMPARE_PARAM) or "").split(",")
    return [profile for profile in dict.fromkeys(named) if profile in known][:MOST_COMPARED]


def _chosen() -> None:
    link(COMPARE_PARAM, ",".join(st.session_state[_KEY]) or None)


def _name(session: Session, card: RateCard) -> str:
    if not card.vendor:
        return session.say(f"rate_kind.{card.kind}")
    return f"{card.device}, {card.vendor}"
