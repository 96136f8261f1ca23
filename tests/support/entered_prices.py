"""Prices as people enter them."""

from typing import Any

import httpx

from backend.wire.codec import decode
from planner.exchange.price_states import PriceState
from planner.exchange.states import Page
from tests.support.installation import Api

DAY = "2026-10-20"
"""Twelve days before the day on which the clocks of tests stand, 2026-11-01."""

OWNED_DEVICE = {
    "purchase": {"amount": 300_000, "currency": "USD"},
    "residual": {"amount": 30_000, "currency": "USD"},
    "life_years": 5,
    "use_fraction": 0.6,
    "maintenance_per_year": {"amount": 24_000, "currency": "USD"},
    "use_w": 700,
    "idle_w": 0,
    "pue": 1.3,
    "energy_price_per_kwh": {"amount": 0.20, "currency": "USD"},
}
OWNED = {"case": "already_bought", "device": OWNED_DEVICE, "reuse_fraction": 0.25}

CATALOGUE = """\
InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,SpotPrice,Region,AvailabilityZone,GpuInfo
p5.48xlarge,H100,8.0,192.0,2048.0,98.32,39.328,us-east-1,us-east-1a,"{'Gpus': []}"
p5.48xlarge,H100,8.0,192.0,2048.0,98.32,40.0,us-east-1,us-east-1b,"{'Gpus': []}"
p5.48xlarge,H100,8.0,192.0,2048.0,110.0,,eu-north-1,eu-north-1a,"{'Gpus': []}"
g6.xlarge,L4,1.0,4.0,16.0,0.8048,0.2817,us-east-1,us-east-1a,
m5.large,,,2.0,8.0,0.096,0.04,us-east-1,us-east-1a,
g4dn.xlarge,T4,1.0,4.0,16.0,,,us-east-1,us-east-1a,
"""
"""Two instances with prices in three zones, one without an accelerator, one without a price."""


def usd(amount: float) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


def an_entry(**changes: object) -> dict[str, Any]:
    return {
        "id": "our-h100",
        "device": "H100 SXM",
        "vendor": "Our data centre",
        "kind": "reserved",
        "rent_per_gpu_hour": usd(2.2),
        "as_of": DAY,
        "source": "contract 17",
    } | changes


def enter(api: Api, *, key: str = "", **changes: object) -> httpx.Response:
    entry = an_entry(**changes)
    return api.post("/api/prices", entry, **{"Idempotency-Key": key or f"enter {entry['id']}"})


def put(api: Api, price_id: str, **changes: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    entry = an_entry(**{"id": price_id, **changes})
    return api.http.put(f"/api/prices/{price_id}", json=entry, headers=headers)


def import_csv(
    api: Api, text: str = CATALOGUE, *, key: str = "import", **changes: object
) -> httpx.Response:
    body = {"text": text, "vendor": "AWS", "as_of": DAY, "source": "aws.csv"} | changes
    return api.post("/api/prices:import", body, **{"Idempotency-Key": key})


def enter_rate(
    api: Api, rate: float, *, as_of: str = DAY, base: str = "USD", quote: str = "JPY"
) -> httpx.Response:
    body = {"base": base, "quote": quote, "rate": rate, "as_of": as_of, "source": "the bank"}
    return api.post("/api/exchange-rates", body, **{"Idempotency-Key": f"{base}{rate}{as_of}"})


def book(api: Api, **query: object) -> Page[PriceState]:
    answer = api.get("/api/prices:book", page_size=200, **query).raise_for_status()
    return decode(Page[PriceState], answer.json())


def row(api: Api, price_id: str) -> PriceState:
    (found,) = [state for state in book(api).items if state.card.id == price_id]
    return found


def price_on(api: Api, price_id: str, day: str) -> float:
    card = api.get(f"/api/prices/{price_id}", on=day).raise_for_status().json()
    return card["rent_per_gpu_hour"]["amount"]


def audited(api: Api) -> list[tuple[str, str]]:
    with api.installation.database.read() as session:
        told = "SELECT action, subject_id FROM audit_entries ORDER BY number"
        return [tuple(found) for found in session.connection().exec_driver_sql(told)]
