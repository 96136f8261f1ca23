"""The inputs that are prices, and what prices follow from."""

from collections.abc import Iterator

from backend.reports.xlsx.given import RENT, Given, exchange_name, exchange_to, labelled
from planner.economics.ownership import Ownership
from planner.economics.rates import SpotTerms
from planner.reviews.review import Review
from wording.catalogue import say
from wording.language import Language

_OWNED = ("purchase", "residual", "maintenance_per_year", "energy_price_per_kwh")


def price_inputs(review: Review, language: Language) -> Iterator[Given]:
    """Of the device-hour, in its parts where the device is owned, and of the pilot's device."""
    card, assumed = review.price, review.assumptions
    if card.ownership is None or card.ownership.case == "bought_by_plan":
        yield Given(
            name=RENT,
            label=labelled("ingredient.price_per_device_h", language),
            value=card.rent_per_gpu_hour.amount,
            unit="per_h",
            number="price",
            origin="assumed" if card.kind == "own" else "price",
            source="" if card.kind == "own" else card.reference,
            currency=card.rent_per_gpu_hour.currency,
        )
    if card.spot is not None:
        yield from _spot(card.spot, language)
    if card.ownership is not None:
        yield from _owned(card.ownership, card.reference, language)
    yield from _exchange(review, language)
    yield Given(
        name="pilot_rate_per_device_h",
        label=labelled("ingredient.pilot_rate", language),
        value=review.pilot_rate_per_device_h.amount,
        unit="per_h",
        number="price",
        origin="price",
        currency=assumed.currency,
    )


def _exchange(review: Review, language: Language) -> Iterator[Given]:
    card = review.price
    amounts = [card.rent_per_gpu_hour]
    if card.ownership is not None:
        amounts.append(card.ownership.device.purchase)
    for currency in dict.fromkeys(amount.currency for amount in amounts):
        rate = exchange_to(review.assumptions, currency)
        if rate is not None:
            yield Given(
                name=exchange_name(currency),
                label=say(
                    "page.assumptions.exchange_rate", language, quote=rate.quote, base=rate.base
                ),
                value=rate.rate,
                unit="",
                number="exact",
                origin="price",
                source=", ".join(part for part in (rate.source, rate.as_of) if part),
                above_zero=True,
            )


def _spot(terms: SpotTerms, language: Language) -> Iterator[Given]:
    for name, unit in (
        ("interruptions_per_device_h", ""),
        ("checkpoint_interval_h", "h"),
        ("restart_h", "h"),
    ):
        yield Given(
            name=name,
            label=labelled(f"page.prices.field_{name}", language),
            value=float(getattr(terms, name)),
            unit=unit,
            number="exact",
            origin="price",
            above_zero=name == "checkpoint_interval_h",
        )


def _owned(ownership: Ownership, source: str, language: Language) -> Iterator[Given]:
    device = ownership.device
    for name in _OWNED:
        amount = getattr(device, name)
        yield Given(
            name=f"owned_{name}",
            label=labelled(f"page.prices.field_{name}", language),
            value=amount.amount,
            unit="per_kwh" if name.endswith("_per_kwh") else _per_year(name),
            number="price",
            origin="price",
            source=source,
            currency=amount.currency,
        )
    numbers = [("life_years", "years", "decimal"), ("use_fraction", "", "percent")]
    numbers += [(name, "w", "decimal") for name in ("use_w", "idle_w")] + [("pue", "", "decimal")]
    values = {name: float(getattr(device, name)) for name, _, _ in numbers}
    if ownership.case == "already_bought":
        numbers.append(("reuse_fraction", "", "percent"))
        values["reuse_fraction"] = ownership.reuse_fraction
    for name, unit, number in numbers:
        share = number == "percent"
        yield Given(
            name=f"owned_{name}",
            label=labelled(f"page.prices.field_{name}", language),
            value=values[name],
            unit=unit,
            number=number,
            origin="price",
            above_zero=name in ("life_years", "use_fraction"),
            high=1.0 if share else None,
        )


def _per_year(name: str) -> str:
    return "per_year" if name.endswith("_per_year") else "money"
