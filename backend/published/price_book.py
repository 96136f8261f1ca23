"""The price book: prices, exchange rates and electricity as they were known on one day."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import cast

from planner.economics.energy import Facility
from planner.economics.rates import THIS_COMPUTER, RateCard, RateKind
from planner.exchange.price_states import PurchaseEstimate
from planner.money import ExchangeRate, Money
from planner.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBook:
    """What a review is priced with.

    Attributes:
        cards: By row of the book.
        exchange_rates: Newest first.
        facility: Electricity of the installation; None if nobody entered it by then.
        day: ISO date whose book this is; None for the newest.
    """

    cards: Mapping[str, RateCard]
    exchange_rates: tuple[ExchangeRate, ...] = ()
    facility: Facility | None = None
    day: str | None = None

    def card(self, profile: str) -> RateCard:
        """A row of the book.

        Raises:
            Refusal: It has no such row, or had none on its day.
        """
        found = self.cards.get(profile)
        if found is not None:
            return found
        if self.day is None:
            raise Refusal("hardware.profile", "price_unknown", profile=profile)
        raise Refusal("hardware.profile", "price_unknown_on_day", profile=profile, day=self.day)


def shipped_book(day: str | None = None) -> PriceBook:
    """What Paybatch comes with and nobody entered; undated prices are part of every day's book."""
    return PriceBook(
        cards=MappingProxyType(
            {card.id: card for card in shipped_cards() if is_known_on(card, day)}
        ),
        day=day,
    )


def is_known_on(card: RateCard, day: str | None) -> bool:
    """Whether a price had been read by a day; of an undated one nobody knows, so it counts."""
    return day is None or card.as_of is None or card.as_of <= day


@cache
def shipped_cards() -> tuple[RateCard, ...]:
    """Every row that Paybatch comes with, this computer first."""
    return (_this_computer(), *(_rate_card(row) for row in _rows("price_book.csv")))


@cache
def purchase_estimates() -> tuple[PurchaseEstimate, ...]:
    """What devices roughly cost to buy."""
    return tuple(
        PurchaseEstimate(
            device=row["gpu"],
            board_w=float(row["board_w"]),
            low=Money(amount=float(row["purchase_usd_low"]), currency="USD"),
            high=Money(amount=float(row["purchase_usd_high"]), currency="USD"),
            as_of=row["as_of"] or None,
            source=row["source"],
        )
        for row in _rows("gpu_purchase.csv")
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("backend").joinpath("data", name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


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
