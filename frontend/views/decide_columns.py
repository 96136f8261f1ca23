"""What a file of production trainings says: names are proposed, units are asked."""

from collections.abc import Mapping
from typing import Any, get_args

import streamlit as st

from frontend.components.markup import literal
from frontend.session import Session
from planner.decisions.results_mapping import EarlierRule, EndMeaning, ScheduleUse
from planner.decisions.suggested_columns import suggested_columns
from planner.exchange.production_files import FoundScheduleUse
from planner.imports.look import Look
from planner.imports.mapping import SECONDS, TimestampForm
from planner.money import require_day
from planner.refusal import Refusal

KEY = "decide.file."
_NOTHING = ""
_SAID = KEY + "said"
_BEFORE = KEY + "before"

LABELLED = (
    *("schedule", "started", "started_form", "duration", "duration_unit", "reached", "devices"),
    *("device_count", "cost", "currency", "id", "day"),
)


def of_table(session: Session, found: Look) -> dict[str, Any]:
    """The columns of a table with one row a training."""
    names = [column.name for column in found.columns]
    known, before = suggested_columns(names), _said_before()

    def column(role: str) -> str | None:
        chosen = before.get(role) if before.get(role) in names else known.get(role)
        label = session.say(f"page.decide.file_{role}")
        options = {_NOTHING: session.say("page.import.no_column"), **{one: one for one in names}}
        return _one_of(label, options, chosen, key=KEY + role)

    typed: dict[str, Any] = {}
    places = st.columns(3)
    for place, role in zip(places, ("schedule", "reached", "id"), strict=True):
        with place:
            typed[role] = column(role)
    left, middle, right = st.columns(3)
    with left:
        typed["started"] = column("started")
    with middle:
        form = _choice(session, "started_form", "page.import.time_unit_", get_args(TimestampForm))
        typed["started_form"] = form
    with right:
        typed["time_zone"] = ""
        if form == "iso8601":
            label = session.say("page.import.time_zone")
            typed["time_zone"] = st.text_input(
                label, before.get("time_zone", ""), key=KEY + "time_zone"
            )
    left, middle, right = st.columns(3)
    with left:
        typed["duration"] = column("duration")
    with middle:
        units = tuple(SECONDS)
        typed["duration_unit"] = _choice(session, "duration_unit", "page.decide.file_unit_", units)
    with right:
        typed["devices"] = column("devices")
        typed["device_count"] = None
        if typed["devices"] is None:
            typed["device_count"] = device_count(session)
    left, middle, _ = st.columns(3)
    with left:
        typed["cost"] = column("cost")
    with middle:
        typed["currency"] = ""
        if typed["cost"] is not None:
            label = session.say("page.decide.file_currency")
            said = before.get("currency", "")
            typed["currency"] = st.text_input(label, said, key=KEY + "currency").strip()
    st.session_state[_SAID] = typed
    return typed


def begin_with_what_was_said() -> None:
    """The next file begins with the answers of the one before: it is often the same, corrected."""
    st.session_state[_BEFORE] = st.session_state.pop(_SAID, {})


def _said_before() -> dict[str, Any]:
    """Fixed while a file is mapped, for a field begins anew when its first value changes."""
    before: dict[str, Any] = st.session_state.get(_BEFORE, {})
    return before


def of_log(session: Session) -> dict[str, Any]:
    """What a log of runs does not say of them as trainings.

    Raises:
        Refusal: The day is none.
    """
    left, middle, right = st.columns(3)
    with left:
        count = device_count(session)
    with middle:
        label = session.say("page.decide.file_day")
        day = st.text_input(label, placeholder="2026-11-01", key=KEY + "day").strip() or None
    with right:
        ends = _choice(session, "ends", "page.decide.file_ends_", get_args(EndMeaning))
    if day is not None:
        require_day(day, "day")
    return {"device_count": count, "day": day, "ends": ends}


def device_count(session: Session) -> int | None:
    """Devices of every training, where nothing in the file says them."""
    before: int | None = _said_before().get("device_count")
    return st.number_input(
        session.say("page.decide.file_device_count"),
        min_value=1,
        value=before,
        step=1,
        key=KEY + "device_count",
    )


def earlier(session: Session) -> EarlierRule:
    """What becomes of trainings that ended before the sign-off."""
    options: tuple[EarlierRule, ...] = get_args(EarlierRule)
    chosen: EarlierRule = st.selectbox(
        session.say("page.decide.file_earlier"),
        options,
        format_func=lambda one: session.say(f"page.decide.file_earlier_{one}"),
        key=KEY + "earlier",
    )
    return chosen


def uses(session: Session, found: tuple[FoundScheduleUse, ...]) -> dict[str, ScheduleUse]:
    """What each schedule of the file is; only of those that a preview has found."""
    chosen: dict[str, ScheduleUse] = {}
    options = {_NOTHING: session.say("page.import.please_choose")}
    options |= {use: session.say(f"page.decide.file_use_{use}") for use in get_args(ScheduleUse)}
    for place, one in enumerate(found):
        label = session.say(
            "page.decide.file_use", schedule=literal(one.name), trainings=one.trainings
        )
        use = _one_of(label, options, one.use, key=f"{KEY}use.{place}.{one.name}")
        if use is not None:
            chosen[one.name] = use  # type: ignore[assignment]  # one of its words
    return chosen


def label_of(session: Session, refusal: Refusal) -> str:
    """A field of the mapping as the page calls it; empty for one that it does not show."""
    last = refusal.field.rpartition(".")[2]
    return session.say(f"page.decide.file_{last}") if last in LABELLED else ""


def _choice(session: Session, part: str, words: str, options: tuple[str, ...]) -> str | None:
    """One of several, asked: nothing is chosen unless somebody said it."""
    told = {_NOTHING: session.say("page.import.please_choose")}
    told |= {option: session.say(f"{words}{option}") for option in options}
    label = session.say(f"page.decide.file_{part}")
    return _one_of(label, told, _said_before().get(part), key=KEY + part)


def _one_of(label: str, options: Mapping[str, str], chosen: str | None, *, key: str) -> str | None:
    """One of several, the first of which is none: it can be chosen again."""
    names = list(options)
    found: str = st.selectbox(
        label,
        names,
        index=names.index(chosen) if chosen in names else 0,
        format_func=options.__getitem__,
        key=key,
    )
    return found or None
