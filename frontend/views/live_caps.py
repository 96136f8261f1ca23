"""Caps on the live page: a warning from 80 % on or where one will be passed, and their raise."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import streamlit as st

from frontend.session import Session
from planner.exchange.page_states import LiveView
from planner.money import Money
from planner.pilots.cap_use import CapUse
from planner.pilots.caps import LIMIT_FIELDS
from wording.caps import near_sentence, passing_sentence

Asking = Callable[[Callable[[], object]], Callable[[], None]]

_FIELD = "live.cap."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raisable:
    """One cap that the pilot has; ``offered`` is what its field begins with."""

    name: str
    limit: float
    currency: str
    offered: float


def caps(session: Session, view: LiveView) -> None:
    """One warning for every cap that is nearly used up or expected to be passed."""
    for use in view.caps:
        sentence = _warning(session, use)
        if sentence is not None:
            st.warning(sentence, icon=":material/data_usage:")


def _warning(session: Session, use: CapUse) -> str | None:
    if use.warned:
        return near_sentence(use, session.language)
    if use.expected is not None and use.expected > use.limit:
        return passing_sentence(use, session.language)
    return None


def raise_caps(session: Session, view: LiveView, *, orders: Asking) -> None:
    """The caps of the pilot and its runs, each to be raised; nothing where there is none."""
    raisable = tuple(_raisable(view))
    if not raisable:
        return
    pilot_id = view.pilot.id

    def ask() -> None:
        session.api.raise_caps(pilot_id, _raised(raisable))

    with st.popover(session.say("page.live.raise_cap"), icon=":material/arrow_upward:"):
        st.text(session.say("page.live.raise_cap_hint"))
        for cap in raisable:
            st.number_input(
                _label(session, cap), key=_FIELD + cap.name, value=cap.offered, format="%.10g"
            )
        st.button(
            session.say("page.live.raise_cap"),
            key="live.raise_cap",
            type="primary",
            on_click=orders(ask),
        )


def _raisable(view: LiveView) -> Iterator[_Raisable]:
    """Twice the present limit is offered of a cap that stopped something, the present one else."""
    reached = {use.reason.removeprefix("cap_") for use in view.caps if use.reached}
    reached |= {
        live.run.reason.removeprefix("cap_") for live in view.runs if live.run.status == "capped"
    }
    for name in LIMIT_FIELDS:
        limit = getattr(view.limits, name)
        if limit is None:
            continue
        amount = limit.amount if isinstance(limit, Money) else float(limit)
        yield _Raisable(
            name=name,
            limit=amount,
            currency=limit.currency if isinstance(limit, Money) else "",
            offered=2 * amount if name in reached else amount,
        )


def _raised(raisable: tuple[_Raisable, ...]) -> dict[str, object]:
    """What was changed; a limit that is left as it is is not sent."""
    told: dict[str, object] = {}
    for cap in raisable:
        wanted = st.session_state.get(_FIELD + cap.name)
        if wanted is None or wanted == cap.limit:
            continue
        money = {"amount": wanted, "currency": cap.currency}
        told[cap.name] = money if cap.currency else wanted
    return told


def _label(session: Session, cap: _Raisable) -> str:
    currency = session.say(f"format.currency.{cap.currency}") if cap.currency else ""
    return session.say(f"page.plan.cap_{cap.name}", currency=currency)
