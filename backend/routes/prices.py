"""The price book."""

from typing import Annotated

from fastapi import Query

from backend.published.price_book import purchase_estimates
from backend.routes.dependencies import (
    IdempotencyKey,
    PageNumber,
    PageSize,
    Reading,
    SearchText,
    Writing,
)
from backend.routes.guarded import guarded
from backend.services import idempotency, price_changes, price_terms, prices
from planner.economics.energy import Facility
from planner.economics.owned_rate import OwnedRate, owned_rate
from planner.economics.ownership import Ownership
from planner.economics.rates import RateCard, RateKind
from planner.exchange.price_states import (
    ExchangeRateState,
    FacilityState,
    PriceEntry,
    PriceImport,
    PriceImported,
    PriceRetirement,
    PriceState,
    PurchaseEstimate,
)
from planner.exchange.states import Page
from planner.money import ExchangeRate, require_day

router = guarded(tags=["prices"])

PriceDay = Annotated[str | None, Query(max_length=10)]


@router.get("/prices")
def list_prices(work: Reading, on: PriceDay = None) -> tuple[RateCard, ...]:
    """Every rate card that can be priced with, this computer first; ``on`` is a day of the past."""
    return prices.cards(work, _day(on))


@router.get("/prices:book")
def read_book(
    work: Reading,
    kind: RateKind | None = None,
    device: str | None = None,
    search: SearchText = "",
    page: PageNumber = 1,
    page_size: PageSize = 50,
) -> Page[PriceState]:
    """Rows of the book with age and origin, the retired ones last."""
    return prices.page(
        work, kind=kind, device=device, search=search, page=page, page_size=page_size
    )


@router.get("/prices:devices")
def list_devices(work: Reading) -> tuple[str, ...]:
    """Every device that the book has a price of."""
    return prices.devices(work)


@router.post("/prices", status_code=201)
def create_price(body: PriceEntry, work: Writing, idempotency_key: IdempotencyKey) -> PriceState:
    """A new row of the book."""
    return idempotency.once(
        work, idempotency_key, body, answer=PriceState, make=price_changes.create
    )


@router.post("/prices:import", status_code=201)
def import_prices(
    body: PriceImport, work: Writing, idempotency_key: IdempotencyKey
) -> PriceImported:
    """Every price of a SkyPilot catalogue, or none if a line is wrong."""
    return idempotency.once(
        work, idempotency_key, body, answer=PriceImported, make=price_changes.import_catalogue
    )


@router.get("/prices/{price_id}")
def read_price(price_id: str, work: Reading, on: PriceDay = None) -> RateCard:
    """One rate card; ``on`` is a day of the past."""
    return prices.read(work, price_id, _day(on))


@router.put("/prices/{price_id}")
def replace_price(price_id: str, body: PriceEntry, work: Writing) -> PriceState:
    """Another price of a row; its earlier ones stay in its history."""
    return price_changes.replace_price(work, price_id, body)


@router.post("/prices/{price_id}:retire")
def retire_price(price_id: str, body: PriceRetirement, work: Writing) -> PriceState:
    """Takes a row out of the book from today on."""
    return price_changes.retire(work, price_id, body)


@router.get("/prices/{price_id}/history")
def read_price_history(price_id: str, work: Reading) -> tuple[PriceState, ...]:
    """Everything that one row of the book ever said, newest first."""
    return prices.history(work, price_id)


@router.post("/owned-rates:compute")
def compute_owned_rate(body: Ownership) -> OwnedRate:
    """What an hour of an owned device costs, in its parts; nothing is stored."""
    return owned_rate(body)


@router.get("/purchase-estimates")
def list_purchase_estimates() -> tuple[PurchaseEstimate, ...]:
    """What devices roughly cost to buy."""
    return purchase_estimates()


@router.get("/exchange-rates")
def list_exchange_rates(work: Reading) -> tuple[ExchangeRateState, ...]:
    """Entered exchange rates, newest first."""
    return price_terms.exchange_rates(work)


@router.post("/exchange-rates", status_code=201)
def enter_exchange_rate(
    body: ExchangeRate, work: Writing, idempotency_key: IdempotencyKey
) -> ExchangeRateState:
    """An exchange rate of a day; earlier ones stay."""
    return idempotency.once(
        work,
        idempotency_key,
        body,
        answer=ExchangeRateState,
        make=price_terms.enter_exchange_rate,
    )


@router.get("/facilities")
def list_facilities(work: Reading) -> tuple[FacilityState, ...]:
    """Electricity of the installation, newest first."""
    return price_terms.facilities(work)


@router.post("/facilities", status_code=201)
def enter_facility(body: Facility, work: Writing, idempotency_key: IdempotencyKey) -> FacilityState:
    """Price of electricity, overhead and carbon from a day on; earlier facts stay."""
    return idempotency.once(
        work, idempotency_key, body, answer=FacilityState, make=price_terms.enter_facility
    )


def _day(on: str | None) -> str | None:
    if on is not None:
        require_day(on, "on")
    return on
