"""Reviews of every kind of money, and the same changes made to a review and to its workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from backend.reports.xlsx.given import choice_words
from planner.economics.ownership import OwnedCase, OwnedDevice, Ownership
from planner.economics.rates import HardwareProfile, RateCard, SpotTerms
from planner.money import ExchangeRate, Money
from planner.pilots.pilot import Pilot
from planner.pilots.seeds import Seeds
from planner.reviews.review_input import ReviewInput
from tests.support.known_pilot import known_pilot, records_of, review_input
from tests.support.measured_pilots import EXAMPLE, H100, a_review_input, read
from tests.support.reported import PAYS

Changes = Mapping[str, float | str]
"""New values of inputs, by the names of their cells; texts are said in English."""

SEED = 20251
COUNTED, NOT_COUNTED = choice_words("count_sunk_pilot_cost", "en")
STRAIGHT, DECLINING = choice_words("depreciation", "en")


@dataclass(frozen=True, kw_only=True)
class WorkbookCase:
    """A review, and inputs that somebody changes in its workbook."""

    name: str
    given: ReviewInput
    changes: Changes

    def changed(self) -> ReviewInput:
        """What the app is asked for the same changes."""
        given = self.given
        for name, value in self.changes.items():
            given = _changed(given, name, value)
        return given


def _changed(given: ReviewInput, name: str, value: float | str) -> ReviewInput:
    if name in ("training_h", "overhead_fraction"):
        return replace(given, production=replace(given.production, **{name: value}))
    if name == "pilot_rate_per_device_h":
        rate = Money(amount=float(value), currency=given.assumptions.currency)
        return replace(given, pilot_rate=replace(given.pilot_rate, rent_per_gpu_hour=rate))
    if name.startswith("exchange_rate_"):
        rates = (replace(given.assumptions.exchange_rates[0], rate=value),)
        return replace(given, assumptions=replace(given.assumptions, exchange_rates=rates))
    if name in ("rent_per_device_h", *SpotTerms.__slots__) or name.startswith("owned_"):
        card = _card(given.hardware.rate_card, name, value)
        return replace(given, hardware=replace(given.hardware, rate_card=card))
    return replace(given, assumptions=replace(given.assumptions, **{name: _meant(name, value)}))


def _card(card: RateCard, name: str, value: float | str) -> RateCard:
    if name == "rent_per_device_h":
        return replace(card, rent_per_gpu_hour=replace(card.rent_per_gpu_hour, amount=value))
    if name in SpotTerms.__slots__:
        return replace(card, spot=replace(card.spot, **{name: value}))
    own, field = card.ownership, name.removeprefix("owned_")
    if field == "reuse_fraction":
        return replace(card, ownership=replace(own, reuse_fraction=value))
    was = getattr(own.device, field)
    now = replace(was, amount=value) if isinstance(was, Money) else value
    return replace(card, ownership=replace(own, device=replace(own.device, **{field: now})))


def _meant(name: str, value: float | str) -> object:
    if name == "count_sunk_pilot_cost":
        return value == COUNTED
    if name == "depreciation":
        return "straight_line" if value == STRAIGHT else "declining_balance"
    return int(value) if name in ("ramp_months", "horizon_months", "useful_life_years") else value


def _with(given: ReviewInput, **assumptions: object) -> ReviewInput:
    return replace(given, assumptions=replace(given.assumptions, **assumptions))


def _on(given: ReviewInput, card: RateCard) -> ReviewInput:
    return replace(given, hardware=HardwareProfile(rate_card=card, device_count=8))


def two_candidates() -> ReviewInput:
    """The example with two of its candidates, the first of which is slower."""
    example = replace(
        read(Pilot, EXAMPLE),
        rate_multipliers=(1.0,),
        schedules=read(Pilot, EXAMPLE).schedules[:3],
        seeds=Seeds(confirmation=(11, 12, 13, 14, 15)),
    )
    halves = (0.10, 0.12, 0.08)
    names = [schedule.name for schedule in example.schedules]
    return a_review_input(dict(zip(names, halves, strict=True)), pilot=example)


def _device(currency: str) -> OwnedDevice:
    unit = 150.0 if currency == "JPY" else 1.0

    def money(amount: float) -> Money:
        return Money(amount=amount * unit, currency=currency)

    return OwnedDevice(
        purchase=money(30_000),
        residual=money(3_000),
        life_years=5,
        use_fraction=0.6,
        maintenance_per_year=money(2_400),
        use_w=700,
        idle_w=100,
        pue=1.3,
        energy_price_per_kwh=money(0.2),
    )


def owned(case: OwnedCase, *, currency: str = "USD", reuse_fraction: float = 0.0) -> ReviewInput:
    """Devices that are owned, in the pilot's review."""
    card = replace(
        H100,
        kind="owned",
        ownership=Ownership(case=case, device=_device(currency), reuse_fraction=reuse_fraction),
    )
    given = _on(PAYS, card)
    if currency == "USD":
        return given
    rate = ExchangeRate(base="USD", quote=currency, rate=150.25, as_of="2026-11-01")
    return _with(given, exchange_rates=(rate,))


SPOT = _on(
    PAYS,
    replace(
        H100,
        kind="spot",
        spot=SpotTerms(interruptions_per_device_h=0.02, checkpoint_interval_h=0.5, restart_h=0.1),
    ),
)
YEN = _with(
    PAYS,
    currency="JPY",
    engineer_rate_per_h=9000.0,
    exchange_rates=(ExchangeRate(base="USD", quote="JPY", rate=150.25, as_of="2026-11-01"),),
)
ALONE = review_input(
    known_pilot(),
    (
        *records_of(known_pilot(), "today", [9.5, 10, 10.5, 10, 10]),
        *records_of(known_pilot(), "large", [6, 6.5, 6.2, 6.1, 6.3]),
    ),
)
SLOWER = a_review_input({"today": 0.05, "growing batch": 0.14})

USUAL = {"rent_per_device_h": 2.3456, "trainings_per_month": 7.5, "engineer_rate_per_h": 123.0}
TAXED = {
    "tax_fraction": 0.3,
    "ramp_months": 6,
    "discount_rate_per_year": 0.155,
    "hardware_outlay": 25_000.0,
    "hardware_residual": 4_000.0,
    "attention_fraction": 0.2,
    "cost_of_delay_per_day": 15.0,
}

CASES = (
    WorkbookCase(name="as it is", given=PAYS, changes={}),
    WorkbookCase(name="price, trainings, engineers", given=PAYS, changes=USUAL),
    WorkbookCase(name="tax, ramp, hardware", given=PAYS, changes=TAXED),
    WorkbookCase(
        name="declining balance over a longer horizon",
        given=PAYS,
        changes={
            **TAXED,
            "depreciation": DECLINING,
            "useful_life_years": 4,
            "horizon_months": 60,
            "hardware_outlay": 87_654.0,
        },
    ),
    WorkbookCase(name="never", given=PAYS, changes={"trainings_per_month": 0.01}),
    WorkbookCase(name="no trainings", given=PAYS, changes={"trainings_per_month": 0}),
    WorkbookCase(
        name="at once",
        given=PAYS,
        changes={
            "adoption_engineer_h": 0,
            "retuning_trainings": 0,
            "validation_trainings": 0,
            "count_sunk_pilot_cost": NOT_COUNTED,
        },
    ),
    WorkbookCase(name="each training loses", given=SLOWER, changes=USUAL),
    WorkbookCase(
        name="losing, with a residual", given=SLOWER, changes={**TAXED, "hardware_residual": 9e5}
    ),
    WorkbookCase(
        name="the training itself",
        given=PAYS,
        changes={
            "training_h": 100.0,
            "overhead_fraction": 0.2,
            "pilot_rate_per_device_h": 900.0,
            "horizon_months": 7,
            "commitment_shortfall": 1234.5,
            "pilot_engineer_h": 12.5,
            "realisation_fraction": 0.8,
        },
    ),
    WorkbookCase(name="the pilot is the training", given=ALONE, changes=USUAL),
    WorkbookCase(
        name="spot", given=SPOT, changes={"interruptions_per_device_h": 0.2, "restart_h": 0.25}
    ),
    WorkbookCase(name="no interruptions", given=SPOT, changes={"interruptions_per_device_h": 0}),
    WorkbookCase(
        name="yen",
        given=YEN,
        changes={**USUAL, "exchange_rate_USD": 161.5, "pilot_rate_per_device_h": 646.0},
    ),
    WorkbookCase(
        name="owned, against a rent",
        given=owned("compare", currency="JPY"),
        changes={"owned_purchase": 5_000_000.0, "owned_use_fraction": 0.4},
    ),
    WorkbookCase(
        name="owned already",
        given=owned("already_bought", reuse_fraction=0.5),
        changes={"owned_reuse_fraction": 0.25, "owned_idle_w": 50.0},
    ),
    WorkbookCase(
        name="bought by the plan",
        given=owned("bought_by_plan"),
        changes={"tax_fraction": 0.34, "horizon_months": 48, "rent_per_device_h": 12.0},
    ),
    WorkbookCase(
        name="bought by the plan, several rates",
        given=owned("bought_by_plan"),
        changes={"trainings_per_month": 3, "owned_residual": 28_000.0, "ramp_months": 20},
    ),
    WorkbookCase(name="two candidates", given=two_candidates(), changes=TAXED),
)


def random_cases(count: int) -> list[WorkbookCase]:
    """Plans of any kind with many inputs changed at once."""
    random = Random(SEED)  # noqa: S311  # cases, not secrets
    bases = (PAYS, SLOWER, YEN, SPOT, owned("bought_by_plan"), owned("compare"))
    return [
        WorkbookCase(
            name=f"random {place}", given=bases[place % len(bases)], changes=_drawn(random)
        )
        for place in range(count)
    ]


def _drawn(random: Random) -> dict[str, float | str]:
    return {
        "trainings_per_month": round(random.choice([0.05, 1, 20]) * random.random(), 3),
        "ramp_months": random.choice([0, 0, 3, 18]),
        "engineer_rate_per_h": round(random.uniform(0, 300), 2),
        "adoption_engineer_h": round(random.uniform(0, 80), 1),
        "attention_fraction": round(random.uniform(0, 0.5), 2),
        "cost_of_delay_per_day": round(random.choice([0, 50]) * random.random(), 2),
        "hardware_outlay": round(random.choice([0, 0, 90_000]) * random.random(), 2),
        "hardware_residual": round(random.choice([0, 40_000]) * random.random(), 2),
        "horizon_months": random.randint(1, 60),
        "discount_rate_per_year": round(random.uniform(0, 0.4), 3),
        "tax_fraction": round(random.choice([0, 0.5]) * random.random(), 3),
        "depreciation": random.choice([STRAIGHT, DECLINING]),
        "useful_life_years": random.choice([4, 5]),
        "count_sunk_pilot_cost": random.choice([COUNTED, NOT_COUNTED]),
        "overhead_fraction": round(random.uniform(0, 0.5), 2),
    }
