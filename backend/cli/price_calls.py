"""The routes of the price book that commands use, one typed function each."""

from itertools import count

from backend.cli.client import Client
from paybatch.connection import new_key
from planner.economics.rates import RateKind
from planner.exchange.price_states import (
    PriceEntry,
    PriceImport,
    PriceImported,
    PriceRetirement,
    PriceState,
)
from planner.exchange.states import Page

PAGE_SIZE = 200


def book(
    client: Client, *, kind: RateKind | None, device: str | None, search: str
) -> tuple[PriceState, ...]:
    """Every row that is looked for, the retired ones last."""
    asked = {"kind": kind, "device": device, "search": search or None}
    params: dict[str, str | int] = {name: value for name, value in asked.items() if value}
    params["page_size"] = PAGE_SIZE
    found: tuple[PriceState, ...] = ()
    for number in count(1):
        params["page"] = number
        page = client.connection.send(Page[PriceState], "GET", "/api/prices:book", params=params)
        found += page.items
        if not page.items or len(found) >= page.total:
            break
    return found


def enter(client: Client, entry: PriceEntry) -> PriceState:
    """A new row."""
    return client.connection.send(PriceState, "POST", "/api/prices", body=entry, headers=new_key())


def replace(client: Client, entry: PriceEntry) -> PriceState:
    """Another price of a row."""
    return client.connection.send(PriceState, "PUT", f"/api/prices/{entry.id}", body=entry)


def import_catalogue(client: Client, given: PriceImport) -> PriceImported:
    """Every price of a catalogue."""
    return client.connection.send(
        PriceImported, "POST", "/api/prices:import", body=given, headers=new_key()
    )


def retire(client: Client, price_id: str, *, reason: str) -> PriceState:
    """Takes a row out of the book from today on."""
    body = PriceRetirement(reason=reason)
    return client.connection.send(PriceState, "POST", f"/api/prices/{price_id}:retire", body=body)
