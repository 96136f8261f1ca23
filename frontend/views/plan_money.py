"""Step 3 of a plan: hardware, prices, production and assumptions; then the price of the pilot."""

from collections.abc import Callable, Sequence
from typing import get_args

import streamlit as st

from frontend.components.fields import Fields, current
from frontend.components.headings import card_title
from frontend.planning import desk as plan_desk
from frontend.planning.desk import Judgement
from frontend.planning.document import Document, written
from frontend.planning.form import plan_request, with_device_count, with_production
from frontend.price_book.choice import name_of
from frontend.session import choose_pilot, go_to
from frontend.views import plan_caps
from frontend.views.plan_facts import price_of_pilot
from frontend.views.plan_ranges import ranges
from planner.economics.assumptions import DeviceUse
from planner.economics.rates import THIS_COMPUTER, RateCard
from planner.exchange.states import PilotRequest
from wording.assumption_fields import BY_NAME
from wording.money import currency_name, money
from wording.times import day

CURRENCIES = ("USD", "JPY", "EUR")

DAILY = ("trainings_per_month", "engineer_rate_per_h", "adoption_engineer_h", "pilot_engineer_h")
"""Assumptions that every manager states; the rest has defaults that hold for most."""

RARE = (
    "attention_fraction",
    "realisation_fraction",
    "cost_of_delay_per_day",
    "retuning_trainings",
    "validation_trainings",
    "ramp_months",
    "hardware_outlay",
    "hardware_residual",
    "commitment_shortfall",
    "tax_fraction",
    "useful_life_years",
)

LARGEST_ON_A_DEVICE = "maximum_batch_size_per_device"

DECISION = ("horizon_months", "discount_rate_per_year", "payback_limit_months", "confidence")


def show(fields: Fields, judgement: Judgement) -> None:
    """Draws the step."""
    fields.note(fields.words("money_hint"))
    with st.container(key="split-money"):
        left, right = st.columns(2, gap="medium")
    with left:
        _hardware(fields, fields.session.api.prices())
        _production(fields)
        plan_caps.show(fields, judgement)
    with right:
        _assumptions(fields)
    price_of_pilot(fields, judgement)


def start_button(fields: Fields, judgement: Judgement) -> None:
    """Starts the pilot and goes to where it can be watched."""
    started = st.button(
        fields.words("start"),
        icon=":material/play_arrow:",
        key="plan.start",
        type="primary",
        width="stretch",
        **fields.session.offer("POST /api/pilots", disabled=bool(judgement.problems)),
    )
    if started:
        session = fields.session
        plan = plan_request(current())
        request = PilotRequest(pilot=plan.pilot, measure_again=plan.measure_again)
        pilot = session.api.create_pilot(request)
        plan_desk.clear(session)
        choose_pilot(pilot.id)
        go_to("live")


def _hardware(fields: Fields, prices: Sequence[RateCard]) -> None:
    with st.container(border=True, key="card-plan-hardware"):
        card_title(fields.words("hardware"), fields.words("hardware_hint"))
        cards = {card.id: card for card in prices}
        profile, count = st.columns([3, 1])
        with profile:
            fields.choice(
                "pilot.hardware.profile",
                fields.words("profile"),
                list(cards),
                names=lambda name: _card_name(fields, cards.get(name), name),
            )
        with count:
            fields.whole(
                "pilot.hardware.device_count",
                fields.words("devices"),
                change=with_device_count,
            )
        chosen = cards.get(fields.read("pilot.hardware.profile"))
        if chosen is not None:
            fields.note(_dated(fields, chosen))
        _price(fields, "pilot.hardware.rent_per_gpu_hour", "own_price")
        _price(fields, "pilot_rate_per_device_h", "pilot_price")


def _price(fields: Fields, path: str, key: str) -> None:
    """An amount that may be left out; its currency is the plan's."""
    currency = str(fields.read("pilot.assumptions.currency"))
    wanted = fields.flag(
        path,
        fields.words(key),
        on=fields.read(path) is not None,
        hint=fields.words(f"{key}_hint"),
        change=lambda document, on: written(
            document, path, {"amount": 1.0, "currency": currency} if on else None
        ),
    )
    fields.said_exactly(path)
    if wanted:
        amount, unit = st.columns(2)
        with amount:
            fields.number(f"{path}.amount", fields.words("per_device_h"), step=0.1)
        with unit:
            fields.choice(
                f"{path}.currency", fields.words("currency"), CURRENCIES, names=_currency(fields)
            )


def _card_name(fields: Fields, card: RateCard | None, name: str) -> str:
    if card is None:
        return name
    if card.id == THIS_COMPUTER and not card.row:
        return name_of(card, fields.session)
    rent = card.rent_per_gpu_hour
    return fields.words(
        "rate_card",
        name=name_of(card, fields.session),
        price=money(rent.amount, rent.currency, fields.session.language, decimals=2),
    )


def _dated(fields: Fields, card: RateCard) -> str:
    """Kind, day and source of a price."""
    kind = fields.session.say(f"rate_kind.{card.kind}")
    if card.as_of is None:
        return fields.words("price_undated", kind=kind, source=card.source)
    read_on = day(card.as_of, fields.session.language)
    return fields.words("price_dated", kind=kind, day=read_on, source=card.source)


def _production(fields: Fields) -> None:
    with st.container(border=True, key="card-plan-production"):
        card_title(fields.words("production"), fields.words("production_hint"))
        wanted = fields.flag(
            "pilot.production",
            fields.words("production_wanted"),
            on=fields.read("pilot.production") is not None,
            change=_switched_production,
        )
        if not wanted:
            return
        for pair in (
            ("training_h", "batch_size"),
            ("half_saturation_batch_size_per_device", LARGEST_ON_A_DEVICE),
            ("overhead_fraction",),
        ):
            for place, name in zip(st.columns(2), pair, strict=False):
                with place:
                    _assumption(fields, f"pilot.production.{name}", name)


def _switched_production(document: Document, wanted: bool) -> Document:
    changed = with_production(document, wanted=wanted)
    return with_device_count(changed, changed["pilot"]["hardware"]["device_count"])


def _assumptions(fields: Fields) -> None:
    with st.container(border=True, key="card-plan-assumptions"):
        card_title(fields.words("assumptions"), fields.words("assumptions_hint"))
        currency, use = st.columns(2)
        with currency:
            fields.choice(
                "pilot.assumptions.currency",
                _name(fields, "currency"),
                CURRENCIES,
                names=_currency(fields),
            )
        with use:
            fields.choice(
                "pilot.assumptions.device_use",
                _name(fields, "device_use"),
                get_args(DeviceUse),
                names=lambda name: fields.words(f"use_{name}"),
            )
        _pairs(fields, DAILY)
        _pairs(fields, DECISION)
        with st.expander(fields.words("more_assumptions"), key="plan_more_assumptions"):
            _pairs(fields, RARE)
        uncertain = fields.session.say("page.assumptions.group_uncertain")
        with st.expander(uncertain, key="plan_uncertain"):
            ranges(fields)
        fields.said("pilot.assumptions.exchange_rates")


def _pairs(fields: Fields, names: Sequence[str]) -> None:
    for start in range(0, len(names), 2):
        for place, name in zip(st.columns(2), names[start : start + 2], strict=False):
            with place:
                _assumption(fields, f"pilot.assumptions.{name}", name)


def _assumption(fields: Fields, path: str, name: str) -> None:
    label, assumed = _name(fields, name), BY_NAME.get(name)
    if name == LARGEST_ON_A_DEVICE or (assumed is not None and assumed.is_whole):
        fields.whole(path, label)
    else:
        fields.number(path, label, step=assumed.step if assumed else 1.0, assumed=assumed)


def _name(fields: Fields, name: str) -> str:
    """The assumption's name as a label begins: with a capital."""
    words = fields.session.say(f"assumption.{name}")
    return words[:1].upper() + words[1:]


def _currency(fields: Fields) -> Callable[[str], str]:
    return lambda code: currency_name(code, fields.session.language)
