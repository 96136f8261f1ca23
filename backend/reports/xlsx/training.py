"""What one training costs today and with each candidate, and what that is worth, as formulas."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.reports.xlsx.given import RENT, choice_words, exchange_name, exchange_to
from backend.reports.xlsx.term import Term, as_term, choose, exponential, rounded_up
from planner.economics.cashflow import MONTHS_PER_YEAR
from planner.economics.energy import WATTS_PER_KILOWATT
from planner.economics.investment import HOURS_PER_DAY, PILOT_LINES
from planner.economics.ownership import HOURS_PER_YEAR
from planner.reviews.review import Review
from wording.language import Language

Inputs = Mapping[str, Term]
"""Cells of the inputs by name."""

Keep = Callable[[str, Term, str], Term]
"""Writes a term into a cell with a label below ``workbook.working.`` and a number format."""

_FEW_INTERRUPTIONS = 1e-4
"""Below it ``e^x - 1`` loses figures, and three terms of its series lose none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """One training today, and on what the candidate's is billed.

    Attributes:
        hours: Of one training, interruptions included.
        price: Of a device-hour.
        candidate_price: Where the plan buys its devices, their energy.
        own_candidate_price: Whether it is another price than today's.
        delay: How much more than today's the candidate's training is interrupted.
        cost: Of one training.
        bought_outlay: For devices that the plan buys.
        bought_upkeep: Of these, a month.
        bought_residual: Of these, at the horizon.
    """

    hours: Term
    price: Term
    candidate_price: Term
    own_candidate_price: bool
    delay: Term
    cost: Term
    bought_outlay: Term
    bought_upkeep: Term
    bought_residual: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """One training with a candidate.

    Attributes:
        hours: That it takes.
        cost: Of its devices.
        device_hours: Worth of the device-hours saved.
        engineer_hours: Worth of the engineer-hours freed.
        earlier_result: Worth of the days earlier.
    """

    hours: Term
    cost: Term
    device_hours: Term
    engineer_hours: Term
    earlier_result: Term

    @property
    def together(self) -> Term:
        """The three of them."""
        return self.device_hours + self.engineer_hours + self.earlier_result


def training_today(review: Review, inputs: Inputs, keep: Keep) -> Today:
    """Today's training on the terms of its devices."""
    nothing = as_term(0.0)
    rent = _here(review, inputs, RENT, _rent_currency(review)) if RENT in inputs else nothing
    price, candidate_price = rent, rent
    outlay = upkeep = residual = nothing
    ownership = review.price.ownership
    if ownership is not None and ownership.case == "bought_by_plan":
        devices = rounded_up(inputs["candidate_device_count"])
        candidate_price = _energy(review, inputs)
        outlay = _owned(review, inputs, "purchase") * devices
        upkeep = _owned(review, inputs, "maintenance_per_year") * devices / MONTHS_PER_YEAR
        residual = _owned(review, inputs, "residual") * devices
    elif ownership is not None:
        full = ownership.case == "compare"
        price = _full_rate(review, inputs) if full else _saved_hour(review, inputs)
        candidate_price = price
    factors = [_interrupted(review, inputs, f"{who}device_count") for who in ("", "candidate_")]
    hours = keep("hours_today", inputs["training_h"] * factors[0], "hours")
    paid = keep("price", price, "price")
    return Today(
        hours=hours,
        price=paid,
        own_candidate_price=candidate_price is not price,
        candidate_price=keep("candidate_price", candidate_price, "price"),
        delay=keep("delay", factors[1] / factors[0], "exact"),
        cost=keep("cost_today", paid * inputs["device_count"] * hours, "money"),
        bought_outlay=keep("bought_outlay", outlay, "money"),
        bought_upkeep=keep("bought_upkeep", upkeep, "money"),
        bought_residual=keep("bought_residual", residual, "money"),
    )


def investment_terms(today: Today, inputs: Inputs) -> dict[str, Term]:
    """Every line of the investment by key."""
    rate = inputs["engineer_rate_per_h"]
    return {
        "pilot_devices": inputs["pilot_device_h"] * inputs["pilot_rate_per_device_h"],
        "pilot_people": inputs["pilot_engineer_h"] * rate,
        "adoption": inputs["adoption_engineer_h"] * rate,
        "retuning": inputs["retuning_trainings"] * today.cost,
        "validation": inputs["validation_trainings"] * today.cost,
        "hardware": inputs["hardware_outlay"] + today.bought_outlay,
        "commitment_shortfall": inputs["commitment_shortfall"],
    }


def counted_terms(lines: Mapping[str, Term], inputs: Inputs, language: Language) -> dict[str, Term]:
    """The same, the spent pilot at nothing where it is not counted."""
    yes, _ = choice_words("count_sunk_pilot_cost", language)
    counts = inputs["count_sunk_pilot_cost"].same_as(yes)
    return {
        key: choose(counts, line, 0.0) if key in PILOT_LINES else line
        for key, line in lines.items()
    }


def hours_at(today: Today, inputs: Inputs, time_ratio: Term) -> Term:
    """Hours of one training at a time ratio: ``T (1-o) ratio + T o``, and its delay."""
    overhead = inputs["overhead_fraction"]
    return today.hours * ((1.0 - overhead) * time_ratio + overhead) * today.delay


def worth_of(today: Today, inputs: Inputs, hours: Term) -> Worth:
    """One training of so many hours, and what it saves."""
    cost = today.candidate_price * inputs["candidate_device_count"] * hours
    saved = today.hours - hours
    freed = saved * inputs["attention_fraction"] * inputs["realisation_fraction"]
    return Worth(
        hours=hours,
        cost=cost,
        device_hours=today.cost - cost,
        engineer_hours=freed * inputs["engineer_rate_per_h"],
        earlier_result=saved / HOURS_PER_DAY * inputs["cost_of_delay_per_day"],
    )


def _rent_currency(review: Review) -> str:
    return review.price.rent_per_gpu_hour.currency


def _here(review: Review, inputs: Inputs, name: str, currency: str) -> Term:
    """An amount in the currency of the review."""
    rate = exchange_to(review.assumptions, currency)
    if rate is None:
        return inputs[name]
    exchanged = inputs[exchange_name(currency)]
    return inputs[name] * exchanged if rate.base == currency else inputs[name] / exchanged


def _owned(review: Review, inputs: Inputs, name: str) -> Term:
    ownership = review.price.ownership
    currency = ownership.device.purchase.currency if ownership else ""
    return _here(review, inputs, f"owned_{name}", currency)


def _energy(review: Review, inputs: Inputs) -> Term:
    """Electricity of one hour of use, with its share of the idle hours."""
    use = inputs["owned_use_fraction"]
    drawn = inputs["owned_use_w"] + inputs["owned_idle_w"] * ((1.0 - use) / use)
    return _electricity(review, inputs, drawn)


def _electricity(review: Review, inputs: Inputs, drawn_w: Term) -> Term:
    price = _owned(review, inputs, "energy_price_per_kwh")
    return drawn_w / WATTS_PER_KILOWATT * inputs["owned_pue"] * price


def _full_rate(review: Review, inputs: Inputs) -> Term:
    """What an hour costs, to be compared with a rent."""
    used_h = inputs["owned_use_fraction"] * HOURS_PER_YEAR
    lost = _owned(review, inputs, "purchase") - _owned(review, inputs, "residual")
    capital = lost / (inputs["owned_life_years"] * used_h)
    return (
        capital + _owned(review, inputs, "maintenance_per_year") / used_h + _energy(review, inputs)
    )


def _saved_hour(review: Review, inputs: Inputs) -> Term:
    """What an hour less brings in on a device that is already bought."""
    saved_w = inputs["owned_use_w"] - inputs["owned_idle_w"]
    reused = _full_rate(review, inputs) * inputs["owned_reuse_fraction"]
    return _electricity(review, inputs, saved_w) + reused


def _interrupted(review: Review, inputs: Inputs, count: str) -> Term:
    """How much longer a training on so many devices gets; 1 where nothing interrupts."""
    if review.price.spot is None:
        return as_term(1.0)
    per_h = inputs["interruptions_per_device_h"] * inputs[count]
    x = per_h * inputs["checkpoint_interval_h"]
    series = x / 2.0 + x * x / 6.0 + 1.0
    repeated = choose(x < _FEW_INTERRUPTIONS, series, (exponential(x) - 1.0) / x)
    return repeated * (per_h * inputs["restart_h"] + 1.0)
