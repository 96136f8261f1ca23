"""Ranges of the assumptions and correlations between them; what is typed stands in the link."""

from dataclasses import dataclass

import streamlit as st

from frontend.choices.review import own_uncertain
from frontend.choices.uncertain import (
    Ends,
    Pair,
    Uncertain,
    from_link,
    pairs_of,
    ranges_text,
    together_text,
)
from frontend.session import Session, link, linked
from planner.economics.assumptions import Assumptions
from wording.assumption_fields import RANGED, Values
from wording.numbers import number

RANGES_PARAM = "ranges"
TOGETHER_PARAM = "together"

_NAMES = "uncertain.names"
_PAIRS = "uncertain.pairs"

Places = dict[str, "st.delta_generator.DeltaGenerator"]
"""Where a refusal is said, by the path of its field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainFields:
    """The fields of one page run.

    Attributes:
        session: Whose.
        values: Of every assumption, as typed.
        shown: Ranges and correlations that the fields show.
        places: Filled with a place for every field's refusal.
    """

    session: Session
    values: Values
    shown: Uncertain
    places: Places

    def draw(self) -> None:
        """Which assumptions are uncertain, their ends, and which of them move together."""
        names = list(self.shown.ends)
        _shows(_NAMES, names)
        st.multiselect(
            self._say("uncertain"),
            list(RANGED),
            key=_NAMES,
            format_func=self._name,
            help=self._say("uncertain_hint"),
            placeholder=self._say("uncertain_none"),
            on_change=lambda: _keep(self.shown.with_names(st.session_state[_NAMES])),
            select_all=False,
        )
        for name in names:
            self._range(name)
        if len(names) > 1:
            self._together(pairs_of(names))

    def _range(self, name: str) -> None:
        value = number(self.values[name], self.session.language)
        st.caption(self._say("range_title", assumption=self._name(name), value=value))
        ends, low, high = self.shown.ends[name], f"{_NAMES}.{name}.low", f"{_NAMES}.{name}.high"

        def change() -> None:
            typed = Ends(low=st.session_state[low], high=st.session_state[high])
            _keep(self.shown.with_ends(name, typed))

        for place, key, what, value_there in zip(
            st.columns(2), (low, high), ("lowest", "highest"), (ends.low, ends.high), strict=True
        ):
            _shows(key, value_there)
            with place:
                st.caption(self._say(what))
                st.number_input(
                    self._say(f"{what}_of", assumption=self._name(name)),
                    key=key,
                    value=None,
                    format="%.10g",
                    label_visibility="collapsed",
                    placeholder=self._say(what),
                    on_change=change,
                )
        self.places[f"ranges.{name}"] = st.empty()

    def _together(self, pairs: list[Pair]) -> None:
        _shows(_PAIRS, list(self.shown.together))
        st.multiselect(
            self._say("together"),
            pairs,
            key=_PAIRS,
            format_func=self._pair_name,
            help=self._say("together_hint"),
            placeholder=self._say("together_none"),
            on_change=lambda: _keep(self.shown.with_pairs(st.session_state[_PAIRS])),
            select_all=False,
        )
        for pair in self.shown.together:
            self._correlation(pair)

    def _correlation(self, pair: Pair) -> None:
        path = ".".join(("correlations", *pair))
        _shows(path, self.shown.together[pair])

        def change() -> None:
            _keep(self.shown.with_correlation(pair, st.session_state[path] or 0.0))

        st.number_input(
            self._say("correlation", pair=self._pair_name(pair)),
            key=path,
            step=0.1,
            format="%.10g",
            on_change=change,
        )
        self.places[path] = st.empty()

    def _name(self, name: str) -> str:
        words = self.session.say(f"assumption.{name}")
        return words[:1].upper() + words[1:]

    def _pair_name(self, pair: Pair) -> str:
        first, second = (self.session.say(f"assumption.{name}") for name in pair)
        return self._say("pair", first=first, second=second)

    def _say(self, key: str, **params: str | float) -> str:
        return self.session.say(f"page.assumptions.{key}", **params)


def uncertain_in_link() -> Uncertain | None:
    """What the link says of ranges and correlations; None for the pilot's own."""
    return from_link(linked(RANGES_PARAM), linked(TOGETHER_PARAM))


def uncertain_fields(
    session: Session, base: Assumptions, *, values: Values, changed: Values, places: Places
) -> Uncertain | None:
    """Draws the fields and tells what the link says; fields without it show the pilot's own."""
    typed = uncertain_in_link()
    shown = typed or own_uncertain(base, changed)
    UncertainFields(session=session, values=values, shown=shown, places=places).draw()
    return typed


def as_the_pilot_says() -> None:
    """Takes ranges and correlations out of the link."""
    link(RANGES_PARAM, None)
    link(TOGETHER_PARAM, None)


def exchange_ranges(factors: dict[str, float]) -> None:
    """Typed ends follow their assumptions into another currency."""
    typed = uncertain_in_link()
    if typed is not None:
        _keep(typed.times(factors))


def _keep(uncertain: Uncertain) -> None:
    link(RANGES_PARAM, ranges_text(uncertain))
    link(TOGETHER_PARAM, together_text(uncertain))


def _shows(key: str, value: object) -> None:
    """Lets a field show a value; one that does already is left alone, somebody may be typing."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
