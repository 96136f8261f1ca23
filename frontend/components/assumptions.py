"""Assumptions in the side bar: each change recomputes at once, and all of them are in the link."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import get_args

import streamlit as st

from frontend.api import ApiRefused, FieldProblem
from frontend.assumption_fields import (
    FIELDS,
    PILOT_RATE,
    PRICE,
    PRODUCTION_FIELDS,
    Choice,
    Field,
    Group,
    Values,
    defaults,
    in_currency,
)
from frontend.price_book.choice import PRICE_DAY, cards, entered_rates, name_of
from frontend.session import Session, link, linked
from planner.economics.assumptions import Assumptions
from planner.economics.rates import RateCard
from planner.money import ExchangeRate, Money
from planner.pilots.pilot import HardwareChoice, Pilot
from planner.refusal import Refusal
from wording.refusals import refusal_sentence

CURRENCIES = ("USD", "JPY")
HARDWARE_PARAM = "hardware"

_HARDWARE_KEY = "hardware_choice"
_BEFORE_KEY = "assumptions_before"


@dataclass(slots=True)
class Sidebar:
    """The fields of one page run, and the places below them for what is wrong."""

    session: Session
    pilot: Pilot
    prices: Sequence[RateCard]
    _places: dict[str, "st.delta_generator.DeltaGenerator"] = field(default_factory=dict)

    def show(self, pilot_id: str) -> Choice:
        """Draws every field and tells what was chosen."""
        st.subheader(self._say("title"), anchor=False)
        base = self._currency()
        own = defaults(base, self.pilot.production)
        self._follow(pilot_id, base, own)
        hardware = self._price(self._hardware())
        price_day = self._price_day()
        typed = self._numbers("first", own, base.currency)
        for group in get_args(Group)[1:]:
            if group == "production" and self.pilot.production is None:
                continue
            with st.expander(self._say(f"group_{group}")):
                typed |= self._numbers(group, own, base.currency)
                if group == "finance":
                    typed[PILOT_RATE] = self._pilot_rate(base.currency)
        rate = typed.pop(PILOT_RATE)
        st.button(
            self._say("reset"),
            key="assumptions_reset",
            on_click=_set_all,
            args=({**own, PILOT_RATE: 0.0, PRICE: self._own_price(self._card()).amount},),
            width="stretch",
        )
        st.caption(self._say("link_note"))
        changed = {name: value for name, value in typed.items() if value != own[name]}
        return Choice(
            base=base,
            hardware=hardware,
            pilot_rate=Money(amount=rate, currency=base.currency) if rate else None,
            changed=changed,
            price_day=price_day,
        )

    def refuse(self, refused: ApiRefused) -> None:
        """Puts every sentence of a refusal below its field; the rest below all of them."""
        for problem in refused.problems:
            self._refuse(problem)

    def refuse_own(self, refusal: Refusal) -> None:
        """The same for what was refused before it was sent."""
        self._refuse(
            FieldProblem(field=refusal.field, code=refusal.code, params=dict(refusal.params))
        )

    def _refuse(self, problem: FieldProblem) -> None:
        sentence = refusal_sentence(problem.code, self.session.language, problem.params)
        name = problem.field.rpartition(".")[2]
        place = self._places.get(name)
        if place is None:
            st.sidebar.error(sentence)
        else:
            place.error(sentence)

    def _currency(self) -> Assumptions:
        own = self.pilot.assumptions
        currency = st.segmented_control(
            self._say("currency"),
            list(dict.fromkeys((own.currency, *CURRENCIES))),
            default=own.currency,
            required=True,
            key="currency",
            bind="query-params",
            width="stretch",
        )
        if currency is None or currency == own.currency:
            return own
        return in_currency(own, self._exchange_rate(own, currency))

    def _exchange_rate(self, own: Assumptions, currency: str) -> ExchangeRate | None:
        known = next(
            (
                rate
                for rate in (*own.exchange_rates, *entered_rates(self.session))
                if (rate.base, rate.quote) == (own.currency, currency)
            ),
            None,
        )
        rate = st.number_input(
            self._say("exchange_rate", base=own.currency, quote=currency),
            min_value=0.0001,
            value=known.rate if known else None,
            format="%.4g",
            key="exchange_rate",
            bind="query-params",
            placeholder=self._say("exchange_rate_missing"),
        )
        today = datetime.now(tz=UTC).date()
        day = st.date_input(
            self._say("exchange_day"),
            value=known.as_of if known else today,
            key="exchange_day",
            bind="query-params",
        )
        if rate is None:
            st.caption(self._say("exchange_rate_needed", currency=own.currency))
            return None
        return ExchangeRate(base=own.currency, quote=currency, rate=rate, as_of=str(day or today))

    def _hardware(self) -> RateCard:
        names = [card.id for card in self.prices]
        current = self._card().id
        chosen = st.selectbox(
            self._say("hardware"),
            names,
            index=names.index(current),
            format_func=self._price_name,
            key=_HARDWARE_KEY,
            on_change=self._hardware_chosen,
        )
        return next(card for card in self.prices if card.id == chosen)

    def _hardware_chosen(self) -> None:
        chosen = st.session_state[_HARDWARE_KEY]
        own = chosen == self.pilot.hardware.profile
        link(HARDWARE_PARAM, None if own else chosen)
        card = next(card for card in self.prices if card.id == chosen)
        _set_all({PRICE: self._own_price(card).amount})

    def _card(self) -> RateCard:
        """The row that the link names, else the pilot's."""
        by_id = {card.id: card for card in self.prices}
        named = linked(HARDWARE_PARAM)
        return by_id.get(named or "") or by_id[self.pilot.hardware.profile]

    def _own_price(self, card: RateCard) -> Money:
        """The pilot's own price of this row, else the row's."""
        own = self.pilot.hardware.rent_per_gpu_hour
        if own is not None and card.id == self.pilot.hardware.profile:
            return own
        return card.rent_per_gpu_hour

    def _price_name(self, profile: str) -> str:
        return name_of(next(card for card in self.prices if card.id == profile), self.session)

    def _price_day(self) -> str | None:
        """The day whose prices count; empty for the newest."""
        chosen = st.date_input(
            self._say("price_day"),
            value=None,
            key=PRICE_DAY,
            bind="query-params",
            help=self._say("price_day_hint"),
            on_change=self._price_day_chosen,
        )
        self._places[PRICE_DAY] = st.empty()
        return None if chosen is None else str(chosen)

    def _price_day_chosen(self) -> None:
        """Shows the price of that day, unless the pilot has one of its own."""
        chosen = self._card().id
        card = next((one for one in cards(self.session) if one.id == chosen), None)
        if card is not None:
            _set_all({PRICE: self._own_price(card).amount})

    def _price(self, card: RateCard) -> HardwareChoice:
        own = self._own_price(card)
        amount = st.number_input(
            self._say("price", currency=own.currency),
            min_value=0.0,
            value=float(own.amount),
            step=0.1,
            format="%.2f",
            key=PRICE,
            bind="query-params",
        )
        self._places["rent_per_gpu_hour"] = st.empty()
        listed = own == card.rent_per_gpu_hour and amount == own.amount
        rent = None if listed else Money(amount=amount, currency=own.currency)
        return HardwareChoice(profile=card.id, rent_per_gpu_hour=rent)

    def _numbers(self, group: Group, own: Values, currency: str) -> Values:
        fields = [found for found in (*FIELDS, *PRODUCTION_FIELDS) if found.group == group]
        return {found.name: self._number(found, own[found.name], currency) for found in fields}

    def _number(self, number: Field, own: float, currency: str) -> float:
        kind = int if number.is_whole else float
        unit = currency if number.is_money else "%" if number.per_cent else ""
        label = self.session.say(f"assumption.{number.name}")
        label = label[:1].upper() + label[1:]
        if unit:
            label = self.session.say("format.axis", label=label, unit=unit)
        value = st.number_input(
            label,
            min_value=kind(number.low),
            max_value=None if number.high is None else kind(number.high),
            value=kind(own),
            step=kind(number.step),
            format="%d" if number.is_whole else f"%.{number.decimals}f",
            key=number.name,
            bind="query-params",
        )
        self._places[number.name] = st.empty()
        return own if value is None else value

    def _pilot_rate(self, currency: str) -> float:
        return float(
            st.number_input(
                self._say("pilot_rate", currency=currency),
                min_value=0.0,
                value=0.0,
                step=0.1,
                format="%.2f",
                key=PILOT_RATE,
                bind="query-params",
                help=self._say("pilot_rate_hint"),
            )
            or 0.0
        )

    def _follow(self, pilot_id: str, base: Assumptions, own: Values) -> None:
        """Another pilot starts from its own assumptions, another currency exchanges what is typed.

        The first run of a page changes nothing, so that a link means what it says.
        """
        before: _Before | None = st.session_state.get(_BEFORE_KEY)
        if before is not None and before.pilot_id != pilot_id:
            link(HARDWARE_PARAM, None)
            _set_all({**own, PRICE: self._own_price(self._card()).amount, PILOT_RATE: 0.0})
        elif before is not None:
            _set_all(before.exchanged(own))
        st.session_state[_BEFORE_KEY] = _Before(pilot_id=pilot_id, currency=base.currency, own=own)

    def _say(self, key: str, **params: str | float) -> str:
        return self.session.say(f"page.assumptions.{key}", **params)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What the fields stood on when the page was last run."""

    pilot_id: str
    currency: str
    own: Values

    def exchanged(self, own: Values) -> Values:
        """New values of the amounts whose default has changed."""
        changed = {}
        for number in FIELDS:
            default, fresh = self.own[number.name], own[number.name]
            typed = st.session_state.get(number.name, default)
            if number.is_money and fresh != default:
                factor = fresh / default if default else 1.0
                changed[number.name] = fresh if typed == default else round(typed * factor, 2)
        return changed


def _set_all(values: Values) -> None:
    for name, value in values.items():
        st.session_state[name] = value
