"""What the forms of the price book send, from what was typed into them."""

import re
from collections.abc import Mapping
from typing import Any

from planner.economics.rates import THIS_COMPUTER, RateCard

Typed = Mapping[str, Any]

RENTED = ("on_demand", "spot", "reserved")

SPOT_FIELDS = ("interruptions_per_device_h", "checkpoint_interval_h", "restart_h")

OWNED_MONEY = ("purchase", "residual", "maintenance_per_year", "energy_price_per_kwh")
OWNED_NUMBERS = ("life_years", "use_fraction", "use_w", "idle_w", "pue")

OWNED_START = {"reuse_fraction": 0.0}
"""What the calculator begins with: everything that costs something is asked for."""


def entry(typed: Typed) -> dict[str, Any]:
    """A price as the API takes it; what does not belong to its kind is left out."""
    kind = typed["kind"]
    sent: dict[str, Any] = {
        "id": typed["id"] or suggested_id(typed),
        "device": THIS_COMPUTER if kind == "this_computer" else typed["device"],
        "vendor": typed["vendor"],
        "kind": kind,
        "as_of": typed["as_of"],
        "source": typed["source"],
        "region": typed["region"],
    }
    if typed.get("board_w"):
        sent["board_w"] = typed["board_w"]
    if kind == "owned":
        return sent | {"ownership": ownership(typed)}
    if typed["amount"] is not None:
        sent["rent_per_gpu_hour"] = {"amount": typed["amount"], "currency": typed["currency"]}
    if kind == "spot" and typed.get("interruptions_per_device_h") is not None:
        sent["spot"] = {name: typed[name] for name in SPOT_FIELDS if typed.get(name) is not None}
    return sent


def ownership(typed: Typed) -> dict[str, Any]:
    """An owned device as the API takes it; what nobody typed is left out, and will be missed."""
    device: dict[str, Any] = {
        name: typed[name] for name in OWNED_NUMBERS if typed[name] is not None
    }
    for name in OWNED_MONEY:
        if typed[name] is not None:
            device[name] = {"amount": typed[name], "currency": typed["currency"]}
    reused = typed["reuse_fraction"] if typed["case"] == "already_bought" else None
    return {"case": typed["case"], "device": device, "reuse_fraction": reused or 0.0}


def is_complete(ownership: Typed) -> bool:
    """Whether everything was typed that the rate of an owned device follows from."""
    return set(ownership["device"]) == {*OWNED_NUMBERS, *OWNED_MONEY}


def suggested_id(typed: Typed) -> str:
    """A name for a row that was given none, of device, vendor and kind."""
    if typed["kind"] == "this_computer":
        return THIS_COMPUTER
    parts = (typed["device"], typed["vendor"], typed["region"], typed["kind"])
    words = "-".join(part for part in parts if part).lower()
    return re.sub(r"[^a-z0-9.]+", "-", words).strip("-.")[:120]


def typed_from(card: RateCard) -> dict[str, Any]:
    """What the form shows when a row gets another price; day and source are asked for anew."""
    shown: dict[str, Any] = {
        "id": card.id,
        "device": card.device,
        "vendor": card.vendor,
        "kind": card.kind,
        "amount": card.rent_per_gpu_hour.amount,
        "currency": card.rent_per_gpu_hour.currency,
        "board_w": card.board_w,
        "region": card.region,
    }
    if card.spot is not None:
        shown |= {name: getattr(card.spot, name) for name in SPOT_FIELDS}
    if card.ownership is not None:
        device = card.ownership.device
        shown |= {name: getattr(device, name) for name in OWNED_NUMBERS}
        shown |= {name: getattr(device, name).amount for name in OWNED_MONEY}
        shown |= {"case": card.ownership.case, "reuse_fraction": card.ownership.reuse_fraction}
        shown["currency"] = device.purchase.currency
    return shown


def names(text: str) -> list[str]:
    """Names that were typed with commas between them."""
    return [part.strip() for part in text.split(",") if part.strip()]
