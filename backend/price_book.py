"""The price book: list prices of devices, each with its vendor, source and day."""

import csv
from functools import cache
from importlib.resources import files
from typing import cast

from planner.economics.rates import THIS_COMPUTER, RateCard, RateKind
from planner.money import Money


@cache
def rate_cards() -> tuple[RateCard, ...]:
    """Every row of the book, this computer first."""
    text = files("backend").joinpath("data/price_book.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return (_this_computer(), *(_rate_card(row) for row in rows))


def rate_card(identifier: str) -> RateCard | None:
    """The row of this id."""
    return next((card for card in rate_cards() if card.id == identifier), None)


def _this_computer() -> RateCard:
    """The device of the pilot itself: nobody read its price, so it is 0 and undated."""
    return RateCard(
        id=THIS_COMPUTER,
        device=THIS_COMPUTER,
        vendor="",
        kind="this_computer",
        rent_per_gpu_hour=Money(amount=0.0, currency="USD"),
    )


def _rate_card(row: dict[str, str]) -> RateCard:
    return RateCard(
        id=row["id"],
        device=row["gpu"],
        vendor=row["vendor"],
        kind=cast("RateKind", row["kind"]),
        rent_per_gpu_hour=Money(amount=float(row["usd_per_gpu_hour"]), currency="USD"),
        board_w=float(row["board_w"]) if row["board_w"] else None,
        as_of=row["as_of"] or None,
        source=row["source"],
    )
