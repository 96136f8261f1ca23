"""What people enter into the price book, and how it is shown to them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from planner.bounds import check_name
from planner.economics.energy import Facility
from planner.economics.ownership import Ownership, owned_rate_per_device_h
from planner.economics.rates import THIS_COMPUTER, RateCard, RateKind, SpotTerms
from planner.money import ExchangeRate, Money, require_day
from planner.refusal import require

PriceOrigin = Literal["shipped", "entered", "imported"]
"""Message keys below ``price_origin.``: how a row came into the book."""

LONGEST_IMPORT_CHARACTERS = 4 * 2**20

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEntry:
    """A price that somebody enters; its day and source are never left out.

    Attributes:
        id: Name of the row in links and files.
        device: As throughput curves call it.
        vendor: Who sells it; empty for own hardware.
        rent_per_gpu_hour: Price of one device for one hour; None if it follows from ``ownership``.
        as_of: ISO date on which the price was read.
        source: Where it was read.
        board_w: Power of one device under load; None if unknown.
        region: Where the device stands.
        spot: Interruptions of a spot price; None if unknown.
        ownership: What an owned device costs; its price then follows from it.
    """

    id: str
    device: str
    kind: RateKind
    as_of: str
    source: str
    vendor: str = ""
    rent_per_gpu_hour: Money | None = None
    board_w: float | None = None
    region: str = ""
    spot: SpotTerms | None = None
    ownership: Ownership | None = None

    def __post_init__(self) -> None:
        require_plain_id(self.id, "id")
        require_day(self.as_of, "as_of")
        check_name(self.source, "source")
        require(self.kind != "own", "kind", "price_kind_of_a_review")
        own = (self.id == THIS_COMPUTER) == (self.kind == "this_computer")
        require(own, "kind", "price_kind_of_this_computer", id=THIS_COMPUTER)
        if self.kind in ("on_demand", "spot", "reserved"):
            check_name(self.vendor, "vendor")
        one = (self.rent_per_gpu_hour is None) != (self.ownership is None)
        require(one, "rent_per_gpu_hour", "one_of_price_and_purchase")
        self.card()

    def card(self, row: int = 0) -> RateCard:
        """The rate card, under its number in the history."""
        rent = self.rent_per_gpu_hour
        if rent is None:
            if self.ownership is None:
                raise AssertionError("an entry has a price or what it follows from")
            rent = owned_rate_per_device_h(self.ownership.device)
        return RateCard(
            id=self.id,
            device=THIS_COMPUTER if self.id == THIS_COMPUTER else self.device,
            vendor=self.vendor,
            kind=self.kind,
            rent_per_gpu_hour=rent,
            board_w=self.board_w,
            as_of=self.as_of,
            source=self.source,
            region=self.region,
            spot=self.spot,
            ownership=self.ownership,
            row=row,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceState:
    """A row of the price book as it is shown.

    Attributes:
        card: What it said; the last word before it was retired.
        age_days: Days since the price was read; None if that is not known.
        retired_on: Day from which nothing can be priced with it; None while it can.
        entered_by: Who entered it; empty for what ships with Paybatch.
        reason: Why it was retired.
    """

    card: RateCard
    origin: PriceOrigin
    age_days: int | None
    retired_on: str | None = None
    entered_by: str = ""
    entered_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRetirement:
    """Takes a row out of the book from today on; what was priced with it stays.

    Attributes:
        reason: Kept with the row.
    """

    reason: str = ""

    def __post_init__(self) -> None:
        require(len(self.reason) <= 500, "reason", "too_long", most=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceImport:
    """A SkyPilot catalogue of one vendor: prices of whole instances, each becoming a device's.

    Attributes:
        text: The CSV file.
        vendor: Whose catalogue it is; the files themselves do not say.
        as_of: ISO date on which the catalogue was made or read.
        source: Where the file comes from.
        regions: Only these; none means all.
        devices: Only these accelerators, as the catalogue calls them; none means all.
    """

    text: str
    vendor: str
    as_of: str
    source: str
    regions: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        most = LONGEST_IMPORT_CHARACTERS
        require(len(self.text) <= most, "text", "file_too_large", largest_mib=most // 2**20)
        check_name(self.vendor, "vendor")
        require_day(self.as_of, "as_of")
        check_name(self.source, "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceImported:
    """What an import did.

    Attributes:
        added: Rows that now say something new.
        unchanged: Rows that said the same of that day before.
        skipped: Lines without an accelerator, without a price, or of another region or device.
        retired: Rows that were left out because somebody retired them.
    """

    added: int
    unchanged: int
    skipped: int
    retired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRateState:
    """An exchange rate of the book, under its number."""

    number: int
    rate: ExchangeRate
    age_days: int
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityState:
    """Electricity and grid of the installation from a day on."""

    number: int
    facility: Facility
    age_days: int
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseEstimate:
    """What one device roughly costs to buy, as published.

    Attributes:
        board_w: Power of one device under load.
        low: Lowest published price.
        high: Highest published price.
        as_of: ISO date on which it was read; None if unknown.
    """

    device: str
    board_w: float
    low: Money
    high: Money
    as_of: str | None
    source: str


def require_plain_id(text: str, field: str) -> None:
    """Refuses a name that could not stand in a link as it is."""
    require(_ID.fullmatch(text) is not None, field, "price_id_wrong")
