"""What the page of the price book asks the API."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from frontend.calls.api import Api
from planner.economics.owned_rate import OwnedRate
from planner.exchange.price_states import (
    ExchangeRateState,
    FacilityState,
    PriceImported,
    PriceRetirement,
    PriceState,
    PurchaseEstimate,
)
from planner.exchange.states import Page

Sent = Mapping[str, Any]


def book(
    api: Api, *, kind: str | None, device: str | None, search: str, page: int, page_size: int
) -> Page[PriceState]:
    """Rows of the book, the retired ones last."""
    query = {
        "kind": kind,
        "device": device,
        "search": search or None,
        "page": page,
        "page_size": page_size,
    }
    return api.get(Page[PriceState], "/api/prices:book", query)


def devices(api: Api) -> tuple[str, ...]:
    """Devices that the book has a price of."""
    return api.get(tuple[str, ...], "/api/prices:devices")


def history(api: Api, price_id: str) -> tuple[PriceState, ...]:
    """Everything that one row ever said, newest first."""
    return api.get(tuple[PriceState, ...], f"/api/prices/{price_id}/history")


def enter(api: Api, entry: Sent) -> PriceState:
    """A new row."""
    return api.post(PriceState, "/api/prices", dict(entry), headers=_once())


def replace(api: Api, price_id: str, entry: Sent) -> PriceState:
    """Another price of a row."""
    return api.post(PriceState, f"/api/prices/{price_id}", dict(entry), method="PUT")


def retire(api: Api, price_id: str, *, reason: str) -> PriceState:
    """Takes a row out of the book from today on."""
    body = PriceRetirement(reason=reason)
    return api.post(PriceState, f"/api/prices/{price_id}:retire", body)


def import_catalogue(api: Api, given: Sent) -> PriceImported:
    """Every price of a SkyPilot catalogue."""
    return api.post(PriceImported, "/api/prices:import", dict(given), headers=_once())


def owned_rate(api: Api, ownership: Sent) -> OwnedRate:
    """What an hour of an owned device costs; nothing is stored."""
    return api.post(OwnedRate, "/api/owned-rates:compute", dict(ownership))


def purchase_estimates(api: Api) -> tuple[PurchaseEstimate, ...]:
    """What devices roughly cost to buy."""
    return api.get(tuple[PurchaseEstimate, ...], "/api/purchase-estimates")


def exchange_rates(api: Api) -> tuple[ExchangeRateState, ...]:
    """Entered exchange rates, newest first."""
    return api.get(tuple[ExchangeRateState, ...], "/api/exchange-rates")


def enter_exchange_rate(api: Api, rate: Sent) -> ExchangeRateState:
    """An exchange rate of a day."""
    return api.post(ExchangeRateState, "/api/exchange-rates", dict(rate), headers=_once())


def facilities(api: Api) -> tuple[FacilityState, ...]:
    """Electricity of the installation, newest first."""
    return api.get(tuple[FacilityState, ...], "/api/facilities")


def enter_facility(api: Api, facility: Sent) -> FacilityState:
    """Electricity from a day on."""
    return api.post(FacilityState, "/api/facilities", dict(facility), headers=_once())


def _once() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}
