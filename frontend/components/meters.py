"""The meters of one run: stability, noise of its stages, the device, and what reading them took."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import streamlit as st

from frontend.components.headings import card_title
from frontend.components.markup import element, show, show_table, text
from frontend.components.terms import head_cell
from frontend.components.trace_card import trace_card
from frontend.figures.trace_markup import Target
from frontend.session import Session
from planner.exchange.page_states import LiveRun, Trace
from planner.measurements.meter_summary import MeterShare, MeterSummary, StageNoise
from planner.pilots.meters import ratio_tone
from wording import meters as words
from wording.language import Language
from wording.numbers import number, percent, significant
from wording.times import duration

RATIO_FIGURES = 2


def card(session: Session, live: LiveRun) -> None:
    """Nothing before the first reading."""
    if live.meters is None:
        return
    summary = live.meters.summary
    with st.container(border=True, key="card-live-meters"):
        card_title(session.say("page.meters.title"), session.say("page.meters.hint"))
        show(_stability(session, summary))
        ratio, energy = st.columns(2)
        with ratio:
            limit = Target(value=1.0, name=session.say("page.meters.limit"))
            _curve(session, live, "curvature_ratio", live.meters.curvature_ratio, limit)
        with energy:
            _curve(session, live, "mechanical_energy", live.meters.mechanical_energy)
        show(_facts(session, summary))
        _table(
            session, "noise", ("stage", "batch", "noise", "readings"), _noise_rows(session, summary)
        )
        _table(session, "time", ("meter", "spent", "share"), _time_rows(session, summary))


def _stability(session: Session, summary: MeterSummary) -> str:
    """The ratio with its colour, and what it and the energy say in words."""
    ratio = summary.curvature_ratio
    tone = "plain" if ratio is None else ratio_tone(ratio)
    shown = session.say("format.not_measured")
    if ratio is not None:
        shown = significant(ratio, session.language, RATIO_FIGURES)
    pill = session.say("page.meters.ratio", ratio=shown)
    return element(
        "p",
        element("span", text(pill), class_=f"pb-pill pb-{tone}"),
        " ",
        text(words.stability(summary, session.language)),
        class_="pb-note",
    ) + element("p", text(words.decrease(summary, session.language)), class_="pb-note")


def _curve(
    session: Session, live: LiveRun, name: str, trace: Trace, limit: Target | None = None
) -> None:
    trace_card(
        session,
        live,
        session.say(f"page.meters.{name}"),
        trace,
        empty=session.say("format.not_measured"),
        target=limit,
        points=True,
    )


def _facts(session: Session, summary: MeterSummary) -> str:
    """What is known of the device; what nobody measured says so."""

    def known(value: float | None, shown: Callable[[float, Language], str]) -> str:
        return (
            session.say("format.not_measured") if value is None else shown(value, session.language)
        )

    facts = (
        ("kinetic", known(summary.kinetic_fraction, partial(percent, decimals=1))),
        ("throttled", known(summary.throttled_fraction, percent)),
        ("energy", known(summary.energy_j, words.energy)),
        ("power", known(summary.power_w, words.power)),
        ("device_memory", known(summary.device_memory_bytes, words.memory)),
        ("process_memory", known(summary.process_memory_bytes, words.memory)),
    )
    listed = [
        element("dt", text(session.say(f"page.meters.{name}"))) + element("dd", text(value))
        for name, value in facts
    ]
    return element("dl", *listed, class_="pb-list pb-two")


def _noise_rows(session: Session, summary: MeterSummary) -> list[Sequence[str]]:
    return [_noise_row(session, stage) for stage in summary.stages]


def _noise_row(session: Session, stage: StageNoise) -> Sequence[str]:
    language = session.language
    readings = 0 if stage.noise is None else stage.noise.readings
    return (
        number(stage.stage, language),
        number(stage.batch_size, language),
        words.noise(stage.noise, language),
        number(readings, language),
    )


def _time_rows(session: Session, summary: MeterSummary) -> list[Sequence[str]]:
    return [_time_row(session, share) for share in summary.shares]


def _time_row(session: Session, share: MeterShare) -> Sequence[str]:
    fraction = share.attempt_fraction
    return (
        session.say(f"meter.name.{share.meter}"),
        duration(share.spent_s, session.language),
        session.say("format.not_measured")
        if fraction is None
        else percent(fraction, session.language, decimals=1),
    )


def _table(
    session: Session, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    title = session.say(f"page.meters.{name}_title")
    card_title(title, session.say(f"page.meters.{name}_hint"))
    head = [
        head_cell(session.say(f"page.meters.column_{column}"), session.language)
        for column in columns
    ]
    body = [
        element(
            "tr",
            element("th", text(first), scope="row"),
            *(element("td", text(cell)) for cell in cells),
        )
        for first, *cells in rows
    ]
    table = element(
        "table",
        element("thead", element("tr", *head)),
        element("tbody", *body),
        class_="pb-grid",
    )
    show_table(table, label=title)
