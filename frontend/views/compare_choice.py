"""What the compare page shows: pilots, schedules, runs, baseline and axes, all kept in the link."""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import streamlit as st

from frontend.calls.compare import ended_runs
from frontend.choices.compare import PARAMS, Compared, read, told_apart, written
from frontend.components.currency_choice import CURRENCIES
from frontend.components.markup import literal
from frontend.session import Session, current_pilot, link, linked
from planner.exchange.page_states import PilotSummary
from planner.line_ups.line_up import LineUp
from planner.line_ups.line_up_request import BATCH_SIZE, LEARNING_RATE, MOST_PILOTS, TARGET, Along
from wording.labels import metric_label
from wording.money import currency_name
from wording.numbers import multiple
from wording.times import day

SEARCHED = 200
"""Pilots that are offered without a search."""


def chosen(offered: Sequence[PilotSummary]) -> Compared:
    """What the link says; without pilots, the one looked at last, else the newest that ended."""
    said = {name: value for name in PARAMS if (value := linked(name)) is not None}
    found = read(said)
    if found.pilots or "pilots" in st.query_params:
        return found
    before = current_pilot()
    ended = next((one for one in offered if one.phase == "done"), None)
    newest = ended or (offered[0] if offered else None)
    first = before or (newest.id if newest else None)
    return replace(found, pilots=(first,) if first else ())


def keep(compared: Compared) -> None:
    """Puts a choice into the link."""
    for name, value in written(compared).items():
        link(name, value)


def pilots(session: Session, offered: Sequence[PilotSummary], compared: Compared) -> None:
    """Which pilots stand side by side, by a search in their names."""
    words = _pilot_words(session, offered)
    known = list(dict.fromkeys((*words, *compared.pilots)))

    def change() -> None:
        ids = tuple(st.session_state["compare.pilots"])
        baseline = compared.baseline if compared.baseline and compared.baseline[0] in ids else None
        keep(replace(compared, pilots=ids, baseline=baseline))

    st.multiselect(
        session.say("page.compare.pilots"),
        known,
        default=list(compared.pilots),
        format_func=lambda pilot_id: words.get(pilot_id, pilot_id),
        key="compare.pilots",
        on_change=change,
        max_selections=MOST_PILOTS,
        placeholder=session.say("page.compare.pilots_hint"),
        select_all=False,
    )


def _pilot_words(session: Session, offered: Sequence[PilotSummary]) -> dict[str, str]:
    """What each pilot is called in the list, newest first; the oldest of one name has no number."""
    oldest_first = list(reversed(offered))
    labels = told_apart(
        [
            session.say(
                "page.compare.pilot_option",
                name=one.name,
                workload=one.workload,
                day=day(one.created_at.date(), session.language),
            )
            for one in oldest_first
        ]
    )
    words = {one.id: label for one, label in zip(oldest_first, labels, strict=True)}
    return dict(reversed(words.items()))


def within(session: Session, found: LineUp, compared: Compared) -> None:
    """Which schedules and runs of each pilot are shown."""
    with st.popover(session.say("page.compare.choice"), icon=":material/filter_list:"):
        st.caption(session.say("page.compare.choice_hint"))
        for pilot in found.pilots:
            _schedules(session, pilot.pilot_id, pilot.name, pilot.schedules, compared)
            if st.session_state.get(f"compare.open.{pilot.pilot_id}") or compared.runs.get(
                pilot.pilot_id
            ):
                _runs(session, pilot.pilot_id, pilot.name, compared)
            else:
                st.button(
                    literal(session.say("page.compare.runs_of", pilot=pilot.name)),
                    key=f"compare.open_runs.{pilot.pilot_id}",
                    type="tertiary",
                    on_click=_open,
                    args=(pilot.pilot_id,),
                )


def _open(pilot_id: str) -> None:
    st.session_state[f"compare.open.{pilot_id}"] = True


def _schedules(
    session: Session, pilot_id: str, name: str, offered: Sequence[str], compared: Compared
) -> None:
    key = f"compare.schedules.{pilot_id}"

    def change() -> None:
        names = tuple(st.session_state[key])
        kept = {**compared.schedules, pilot_id: () if len(names) == len(offered) else names}
        lost = compared.baseline and compared.baseline[0] == pilot_id
        keep(replace(compared, schedules=kept, baseline=None if lost else compared.baseline))

    st.multiselect(
        literal(session.say("page.compare.schedules_of", pilot=name)),
        offered,
        default=[one for one in compared.schedules.get(pilot_id, ()) if one in offered],
        key=key,
        on_change=change,
        placeholder=session.say("page.compare.all_schedules"),
        select_all=False,
    )


def _runs(session: Session, pilot_id: str, name: str, compared: Compared) -> None:
    key = f"compare.runs.{pilot_id}"
    shown = compared.schedules.get(pilot_id)
    runs = {
        one.id: one.run
        for one in ended_runs(session.api, pilot_id)
        if not shown or one.run.schedule in shown
    }

    def words(run_id: str) -> str:
        run = runs[run_id]
        return session.say(
            "page.compare.run_option",
            schedule=run.schedule or "",
            rate=multiple(run.rate_multiplier, session.language),
            seed=str(run.seed),
            purpose=session.say(f"purpose.{run.purpose}"),
        )

    def change() -> None:
        ids = tuple(st.session_state[key])
        lost = compared.baseline and compared.baseline[0] == pilot_id
        baseline = None if lost else compared.baseline
        keep(replace(compared, runs={**compared.runs, pilot_id: ids}, baseline=baseline))

    st.multiselect(
        literal(session.say("page.compare.runs_of", pilot=name)),
        list(runs),
        default=[one for one in compared.runs.get(pilot_id, ()) if one in runs],
        format_func=words,
        key=key,
        on_change=change,
        placeholder=session.say("page.compare.as_reviewed"),
        select_all=False,
    )


def baseline(session: Session, found: LineUp, compared: Compared) -> None:
    """The line that all others are held against."""
    shown = {(one.pilot_id, one.schedule) for one in found.entries}
    places = [
        (pilot, schedule)
        for pilot in found.pilots
        for schedule in pilot.schedules
        if (pilot.pilot_id, schedule) in shown
    ]
    labels = told_apart(
        [
            schedule if len(found.pilots) == 1 else f"{schedule} · {pilot.name}"
            for pilot, schedule in places
        ]
    )
    words = {
        (pilot.pilot_id, schedule): label
        for (pilot, schedule), label in zip(places, labels, strict=True)
    }
    offered = list(words)
    key = f"compare.baseline.{'|'.join(labels)}"  # a choice is known by its label alone

    def change() -> None:
        place = st.session_state[key]
        if place in words:  # a browser may still name what was offered before, as a label
            keep(replace(compared, baseline=place))

    st.selectbox(
        session.say("page.compare.baseline"),
        offered,
        index=offered.index(_first(found)),
        format_func=lambda place: words[place],
        key=key,
        on_change=change,
    )


def _first(found: LineUp) -> tuple[str, str]:
    return found.entries[0].pilot_id, found.entries[0].schedule


def axes(session: Session, found: LineUp, compared: Compared) -> None:
    """What the charts show, along what, and in which currency."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare-axes"):
        _along(session, compared)
        _shown(session, found, compared)
        _currency(session, found, compared)


def _along(session: Session, compared: Compared) -> None:
    def change() -> None:
        keep(replace(compared, along=st.session_state["compare.along"]))

    st.segmented_control(
        session.say("page.compare.along"),
        get_args(Along),
        default=compared.along,
        required=True,
        format_func=lambda name: session.say(f"page.compare.along_{name}"),
        key="compare.along",
        on_change=change,
    )


def _shown(session: Session, found: LineUp, compared: Compared) -> None:
    own = (TARGET, LEARNING_RATE, BATCH_SIZE)
    offered = list(dict.fromkeys((*own, *found.metrics, compared.shown)))

    def words(name: str) -> str:
        if name in own:
            return session.say(f"page.compare.shown_{name}")
        label = metric_label(name, session.language)
        return label[:1].upper() + label[1:]

    def change() -> None:
        keep(replace(compared, shown=st.session_state["compare.shown"]))

    st.selectbox(
        session.say("page.compare.shown"),
        offered,
        index=offered.index(compared.shown),
        format_func=words,
        key="compare.shown",
        on_change=change,
        width=220,
    )


def _currency(session: Session, found: LineUp, compared: Compared) -> None:
    def change() -> None:
        keep(replace(compared, currency=st.session_state["compare.currency"]))

    st.segmented_control(
        session.say("page.compare.currency"),
        list(dict.fromkeys((found.currency, *CURRENCIES))),
        default=found.currency,
        required=True,
        format_func=lambda code: currency_name(code, session.language),
        key="compare.currency",
        on_change=change,
    )
