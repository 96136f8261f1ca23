"""What the columns of a file are: well-known names are proposed, units are asked."""

from dataclasses import replace
from typing import Any, get_args

import streamlit as st

from frontend.calls import imports as calls
from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.markup import literal
from frontend.components.refusals import show_refusal
from frontend.session import Session
from planner.exchange.imports import ImportState
from planner.imports.look import Look
from planner.imports.mapping import (
    SECONDS,
    BatchColumn,
    BatchMeaning,
    ColumnMapping,
    ElapsedColumn,
    EpochColumn,
    EpochMeaning,
    PauseRule,
    RepeatRule,
    TimestampColumn,
    TimestampForm,
)
from planner.pilots.workload import TARGET_METRICS
from planner.refusal import Refusal
from wording.refusals import refusal_line

ROLES = ("run", "schedule", "seed", "step", "learning_rate", "momentum")
MOST_METRICS = 4
_KEY = "import.map."


def show(session: Session, state: ImportState, found: Look) -> None:
    """The step of the mapping."""
    start = state.mapping or found.suggested
    names = [column.name for column in found.columns]
    with st.container(border=True, key="card-import-mapping"):
        card_title(session.say("page.import.map_title"), session.say("page.import.map_hint"))
        columns = st.columns(3)
        roles: dict[str, Any] = {}
        for place, role in enumerate(ROLES):
            with columns[place % 3]:
                label = session.say(f"page.import.role_{role}")
                roles[role] = _column(session, label, role, names, getattr(start, role))
        typed = {
            **roles,
            **_time(session, start, names),
            **_batch(session, start, names),
            **_epochs(session, start, names, steps_said=roles["step"] is not None),
            **_repeats(session, state, start),
            "metrics": _metrics(session, start, names),
        }
        if not st.button(
            session.say("page.import.read"),
            key="import.read",
            type="primary" if state.read is None else "secondary",
            **session.offer("PUT /api/imports/{import_id}/mapping"),
        ):
            return
        try:
            mapping = replace(start, **_parts(typed))
            calls.map_columns(session.api, state.id, mapping)
        except Refusal as refusal:
            params = {name: str(value) for name, value in refusal.params.items()}
            said = refusal_line(refusal.field, refusal.code, session.language, params)
            st.error(literal(said))
            return
        except ApiRefused as refused:
            show_refusal(session, refused)
            return
        st.rerun()


def _column(
    session: Session, label: str, role: str, names: list[str], chosen: str | None
) -> str | None:
    """One of the columns, or none."""
    return st.selectbox(
        label,
        names,
        index=names.index(chosen) if chosen in names else None,
        placeholder=session.say("page.import.no_column"),
        key=_KEY + role,
    )


def _choice(session: Session, part: str, options: tuple[str, ...], chosen: str | None) -> Any:  # noqa: ANN401  # one of a Literal
    """One of several, asked: nothing is chosen unless somebody said it."""
    return st.selectbox(
        session.say(f"page.import.{part}"),
        options,
        index=options.index(chosen) if chosen in options else None,
        format_func=lambda option: session.say(f"page.import.{part}_{option}"),
        placeholder=session.say("page.import.please_choose"),
        key=_KEY + part,
    )


def _time(session: Session, start: ColumnMapping, names: list[str]) -> dict[str, Any]:
    elapsed, stamp = start.elapsed, start.timestamp
    known = elapsed or stamp
    left, right = st.columns(2)
    with left:
        label = session.say("page.import.role_time")
        column = _column(session, label, "time", names, known.column if known else None)
    with right:
        options = (*SECONDS, *get_args(TimestampForm))
        said = elapsed.unit if elapsed else stamp.form if stamp else None
        unit = _choice(session, "time_unit", options, said)
    zone = pauses = None
    if unit == "iso8601":
        known_zone = (stamp.time_zone if stamp else None) or ""
        zone = st.text_input(session.say("page.import.time_zone"), known_zone, key=_KEY + "zone")
    if unit in get_args(TimestampForm):
        pauses = _choice(session, "pauses", get_args(PauseRule), stamp.pauses if stamp else None)
    untimed = column is None and st.checkbox(
        session.say("page.import.without_time"), start.without_time, key=_KEY + "without_time"
    )
    return {
        "time": column,
        "time_unit": unit,
        "time_zone": zone or None,
        "pauses": pauses,
        "without_time": untimed,
    }


def _batch(session: Session, start: ColumnMapping, names: list[str]) -> dict[str, Any]:
    batch = start.batch_size
    left, middle, right = st.columns(3)
    with left:
        label = session.say("page.import.role_batch_size")
        column = _column(session, label, "batch", names, batch.column if batch else None)
        value = None
        if column is None:
            value = st.number_input(
                session.say("page.import.batch_value"),
                min_value=1,
                value=batch.value if batch else None,
                step=1,
                key=_KEY + "batch_value",
            )
    with middle:
        options = get_args(BatchMeaning)
        meaning = _choice(session, "batch_meaning", options, batch.meaning if batch else None)
    count = None
    with right:
        if meaning == "per_device":
            count = st.number_input(
                session.say("page.import.batch_devices"),
                min_value=1,
                value=batch.device_count if batch else None,
                step=1,
                key=_KEY + "batch_devices",
            )
    return {"batch": column, "batch_value": value, "batch_meaning": meaning, "batch_count": count}


def _epochs(
    session: Session, start: ColumnMapping, names: list[str], *, steps_said: bool
) -> dict[str, Any]:
    """Epochs are asked for only where nothing says the steps; schedules are told by samples."""
    left, middle, right = st.columns(3)
    column = meaning = None
    if not steps_said or start.epoch is not None:
        with middle:
            label = session.say("page.import.role_epoch")
            known = start.epoch.column if start.epoch else None
            column = _column(session, label, "epoch", names, known)
        with right:
            said = start.epoch.meaning if start.epoch else None
            meaning = _choice(session, "epoch_meaning", get_args(EpochMeaning), said)
    with left:
        samples = st.number_input(
            session.say("page.import.mapped_samples"),
            min_value=1,
            value=start.training_samples,
            step=1,
            help=session.say("page.import.mapped_samples_hint"),
            key=_KEY + "samples",
        )
    epoch = EpochColumn(column=column, meaning=meaning) if column else None
    return {"epoch": epoch, "training_samples": samples}


def _repeats(session: Session, state: ImportState, start: ColumnMapping) -> dict[str, Any]:
    """Asked once rows were found that contradict each other."""
    contradict = state.refusal is not None and state.refusal.code == "import_rows_contradict"
    if not contradict and start.repeats == "refuse":
        return {"repeats": start.repeats}
    return {"repeats": _choice(session, "repeats", get_args(RepeatRule), start.repeats)}


def _metrics(session: Session, start: ColumnMapping, names: list[str]) -> dict[str, str]:
    """Columns by the name that each metric is to have."""
    chosen: dict[str, str] = {}
    known = [(name, column) for name, column in start.metrics.items()][:MOST_METRICS]
    for place in range(min(len(known) + 1, MOST_METRICS)):
        name, column = known[place] if place < len(known) else (None, None)
        left, right = st.columns(2)
        number = place + 1
        with left:
            label = session.say("page.import.metric_column", number=str(number))
            found = _column(session, label, f"metric_{place}", names, column)
        with right:
            options = tuple(dict.fromkeys((*TARGET_METRICS, *([name] if name else []))))
            named = st.selectbox(
                session.say("page.import.metric_name", number=str(number)),
                options,
                index=options.index(name) if name in options else None,
                accept_new_options=True,
                placeholder=session.say("page.import.please_choose"),
                key=f"{_KEY}metric_name_{place}",
            )
        if found and named:
            chosen[named] = found
    return chosen


def _parts(typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed as the parts of a mapping.

    Raises:
        Refusal: A part does not fit together.
    """
    parts = {role: typed[role] for role in ROLES}
    stamped = typed["time_unit"] in get_args(TimestampForm)
    column, unit = typed["time"], typed["time_unit"]
    parts["elapsed"] = ElapsedColumn(column=column, unit=unit) if column and not stamped else None
    parts["timestamp"] = None
    if column and stamped:
        parts["timestamp"] = TimestampColumn(
            column=column, form=unit, time_zone=typed["time_zone"], pauses=typed["pauses"]
        )
    parts["batch_size"] = None
    if typed["batch"] or typed["batch_value"]:
        parts["batch_size"] = BatchColumn(
            column=typed["batch"],
            value=typed["batch_value"],
            meaning=typed["batch_meaning"],
            device_count=typed["batch_count"],
        )
    same = ("epoch", "training_samples", "metrics", "repeats", "without_time")
    return parts | {part: typed[part] for part in same}
