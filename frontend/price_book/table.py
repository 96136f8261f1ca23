"""Rows of the price book as a table, each with where it was read and how long ago."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from frontend.components.markup import element, framed_table, text
from frontend.components.terms import column_heads, head_cell
from frontend.session import LANGUAGE_PARAM
from planner.economics.rates import RateCard
from planner.exchange.price_states import PriceState
from wording.catalogue import say
from wording.language import Language
from wording.money import money
from wording.numbers import number
from wording.times import day

ROW_PARAM = "row"

COLUMNS = ("row", "vendor", "kind", "price", "age", "source")
"""Keys below ``page.prices.column_``."""

NUMBERS = frozenset({"price"})

CSV_COLUMNS = (
    "id",
    "device",
    "vendor",
    "region",
    "kind",
    "amount",
    "currency",
    "board_w",
    "as_of",
    "source",
    "origin",
    "retired_on",
)

OLD_DAYS = 90
"""Prices that were read longer ago have usually changed."""


def price_table(states: Iterable[PriceState], shown: str | None, language: Language) -> str:
    """The table as markup; the name of a row leads to its history."""
    heads = column_heads(
        (
            (say(f"page.prices.column_{column}", language), column not in NUMBERS)
            for column in COLUMNS
        ),
        language,
    )
    return framed_table(
        say("page.prices.title", language),
        heads=heads,
        rows=(_row(state, shown, language) for state in states),
        class_="pb-table pb-prices",
    )


def history_table(states: Sequence[PriceState], language: Language) -> str:
    """Everything one row said, newest first."""
    keys = ("price", "age", "source", "entered")
    heads = "".join(head_cell(say(f"page.prices.column_{key}", language), language) for key in keys)
    rows = (
        element(
            "tr",
            element("th", text(price_text(state.card, language)), scope="row"),
            element("td", age_badge(state, language), class_="pb-age"),
            element("td", text(state.card.source)),
            element("td", text(_entered(state, language))),
        )
        for state in states
    )
    return element(
        "table",
        element("thead", element("tr", heads)),
        element("tbody", *rows),
        class_="pb-grid pb-words",
    )


def price_text(card: RateCard, language: Language) -> str:
    """A price per device-hour; small ones keep their figures."""
    rent = card.rent_per_gpu_hour
    whole_cents = round(rent.amount, 2) == rent.amount
    decimals = 2 if rent.amount >= 1 or whole_cents else 4
    return money(rent.amount, rent.currency, language, decimals=decimals)


def age_text(age_days: int | None, language: Language) -> str:
    """How long ago something was read, or that nobody knows."""
    if age_days is None:
        return say("page.prices.undated", language)
    if age_days == 0:
        return say("page.prices.read_today", language)
    key = "read_yesterday" if age_days == 1 else "read_days_ago"
    return say(f"page.prices.{key}", language, days=number(age_days, language))


def age_pill(age_days: int | None, language: Language) -> str:
    """An age in colour: caution where it is old or nobody knows it."""
    old = age_days is None or age_days > OLD_DAYS
    tone = "caution" if old else "plain"
    return element("span", text(age_text(age_days, language)), class_=f"pb-pill pb-{tone}")


def age_badge(state: PriceState, language: Language) -> str:
    """The age as a badge; one that is old or unknown asks for another look."""
    if state.retired_on is not None:
        retired = say("page.prices.retired", language, day=day(state.retired_on, language))
        return element("span", text(retired), class_="pb-pill pb-bad")
    badge = age_pill(state.age_days, language)
    if state.card.as_of is None:
        return badge
    return badge + element("small", text(day(state.card.as_of, language)), class_="pb-muted")


def csv_rows(states: Iterable[PriceState]) -> list[list[object]]:
    """The same at full precision, in the order of `CSV_COLUMNS`."""
    return [
        [
            state.card.id,
            state.card.device,
            state.card.vendor,
            state.card.region,
            state.card.kind,
            state.card.rent_per_gpu_hour.amount,
            state.card.rent_per_gpu_hour.currency,
            state.card.board_w,
            state.card.as_of,
            state.card.source,
            state.origin,
            state.retired_on,
        ]
        for state in states
    ]


def device_name(card: RateCard, language: Language) -> str:
    """The device, or this computer in the reader's words."""
    if card.kind == "this_computer":
        return say("rate_kind.this_computer", language)
    return card.device


def _row(state: PriceState, shown: str | None, language: Language) -> str:
    card = state.card
    query = urlencode({ROW_PARAM: card.id, LANGUAGE_PARAM: language})
    name = element(
        "a",
        text(device_name(card, language)),
        href=f"/prices?{query}",
        target="_self",
        aria_current="true" if card.id == shown else None,
    )
    return element(
        "tr",
        element("th", name, element("small", text(card.id), class_="pb-muted"), scope="row"),
        element(
            "td",
            text(card.vendor),
            element("small", text(card.region), class_="pb-muted") if card.region else "",
            class_="pb-text",
        ),
        element("td", text(say(f"rate_kind.{card.kind}", language)), class_="pb-text"),
        element("td", text(price_text(card, language)), _flag(state, language)),
        element("td", age_badge(state, language), class_="pb-text pb-age"),
        element(
            "td",
            text(card.source),
            element(
                "small", text(say(f"price_origin.{state.origin}", language)), class_="pb-muted"
            ),
            class_="pb-text",
        ),
        class_="pb-main" if card.id == shown else None,
    )


def _flag(state: PriceState, language: Language) -> str:
    """A sentence about a price that nobody entered yet."""
    card = state.card
    if card.kind != "this_computer" or card.row:
        return ""
    return element("small", text(say("page.prices.nobody_entered", language)), class_="pb-muted")


def _entered(state: PriceState, language: Language) -> str:
    origin = say(f"price_origin.{state.origin}", language)
    if not state.entered_by:
        return origin
    return say("page.prices.entered_by", language, origin=origin, name=state.entered_by)
