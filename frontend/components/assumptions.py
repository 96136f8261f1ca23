"""Assumptions in the side bar: each change recomputes at once, and all of them are in the link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

import streamlit as st

from frontend.calls.api import ApiRefused, FieldProblem
from frontend.choices.review import Choice
from frontend.components.currency_choice import in_chosen_currency
from frontend.components.terms import help_of
from frontend.components.uncertainty import as_the_pilot_says, exchange_ranges, uncertain_fields
from frontend.price_book.choice import PRICE_DAY, cards, name_of
from frontend.session import Session, link, linked
from planner.economics.assumptions import Assumptions
from planner.economics.rates import RateCard
from planner.money import Money
from planner.pilots.pilot import HardwareChoice, Pilot
from planner.refusal import Refusal
from wording.assumption_fields import (
    FIELDS,
    PILOT_RATE,
    PRICE,
    PRODUCTION_FIELDS,
    RANGED,
    Field,
    Group,
    Values,
    defaults,
    typed,
)
from wording.refusals import refusal_sentence
from wording.sentences import together

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
        base = in_chosen_currency(self.session, self.pilot.assumptions)
        own = defaults(base, self.pilot.production)
        self._follow(pilot_id, base, own)
        hardware = self._price(self._hardware())
        price_day = self._price_day()
        rate = 0.0
        values = self._numbers("first", own, base.currency)
        for group in get_args(Group)[1:]:
            if group == "production" and self.pilot.production is None:
                continue
            with st.expander(self._say(f"group_{group}"), key=f"assumptions_{group}"):
                values |= self._numbers(group, own, base.currency)
                if group == "finance":
                    rate = self._pilot_rate(base.currency)
        changed = {name: value for name, value in values.items() if value != own[name]}
        with st.expander(self._say("group_uncertain"), key="assumptions_uncertain"):
            uncertain = uncertain_fields(
                self.session, base, values=values, changed=changed, places=self._places
            )
        st.button(
            self._say("reset"),
            key="assumptions_reset",
            on_click=self._reset,
            args=(own,),
            width="stretch",
        )
        st.caption(self._say("link_note"))
        return Choice(
            base=base,
            hardware=hardware,
            pilot_rate=Money(amount=rate, currency=base.currency) if rate else None,
            changed=changed,
            price_day=price_day,
            uncertain=uncertain,
        )

    def _reset(self, own: Values) -> None:
        """Back to what the pilot says."""
        as_the_pilot_says()
        _set_all({**own, PRICE: self._own_price(self._card()).amount, PILOT_RATE: 0.0})

    def refuse(self, refused: ApiRefused | Refusal) -> str:
        """Puts every sentence of a refusal below its field, the rest below all; tells all."""
        problems = (
            (FieldProblem(field=refused.field, code=refused.code, params=dict(refused.params)),)
            if isinstance(refused, Refusal)
            else refused.problems
        )
        return together([self._refuse(problem) for problem in problems])

    def _refuse(self, problem: FieldProblem) -> str:
        path = problem.field.removeprefix("assumptions.")
        params = self._as_typed(path, problem.params)
        sentence = refusal_sentence(problem.code, self.session.language, params)
        place = self._places.get(path) or self._places.get(path.rpartition(".")[2])
        if place is None:
            st.sidebar.error(sentence)
        else:
            place.error(sentence)
        return sentence

    def _as_typed(self, path: str, params: Mapping[str, str | float]) -> dict[str, str | float]:
        """What a refusal says of a range or a correlation, in the words and units of its fields."""
        ranged = RANGED.get(path.removeprefix("ranges."))

        def shown(value: str | float) -> str | float:
            if isinstance(value, str):
                return self.session.say(f"assumption.{value}") if value in RANGED else value
            return typed(ranged, value) if ranged is not None else value

        return {name: shown(value) for name, value in params.items()}

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
            help=help_of(label, self.session.language),
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
        rate = 1.0
        if base.currency != self.pilot.assumptions.currency:
            rate = base.exchange_rates[0].rate
        if before is not None and before.pilot_id != pilot_id:
            link(HARDWARE_PARAM, None)
            self._reset(own)
        elif before is not None and before.rate != rate:
            before.exchange(own, factor=rate / before.rate)
        st.session_state[_BEFORE_KEY] = _Before(pilot_id=pilot_id, rate=rate, own=own)

    def _say(self, key: str, **params: str | float) -> str:
        return self.session.say(f"page.assumptions.{key}", **params)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What the fields stood on when the page was last run.

    Attributes:
        rate: Of the review's currency for one of the pilot's.
    """

    pilot_id: str
    rate: float
    own: Values

    def exchange(self, own: Values, *, factor: float) -> None:
        """Amounts that were typed are exchanged; those that were not follow their default."""
        amounts = [number.name for number in FIELDS if number.is_money]
        for name in amounts:
            typed = st.session_state.get(name, self.own[name])
            same = typed == self.own[name]
            st.session_state[name] = own[name] if same else round(typed * factor, 2)
        st.session_state[PILOT_RATE] = round(st.session_state.get(PILOT_RATE, 0.0) * factor, 2)
        exchange_ranges(dict.fromkeys(amounts, factor))


def _set_all(values: Values) -> None:
    for name, value in values.items():
        st.session_state[name] = value
