"""The fields of a schedule's batch size, and the table of its stages."""

from dataclasses import asdict
from typing import Any

import streamlit as st

from frontend.components.fields import Fields, changed, current
from frontend.components.remarks import remark_sentence
from frontend.planning.document import is_within, read, written
from frontend.planning.schedule_form import (
    BATCH_SHAPES,
    BatchShape,
    batch_shape,
    rate_shape,
    with_batch_shape,
    with_landing,
)
from frontend.tables.stages import BATCH_SIZE, FROM_EPOCH, RATE, edited, rows_of, with_rows
from frontend.views.shape_fields import shape_head
from frontend.views.stage_tools import stage_tools

_NO_LIST = (
    "missing",
    "milestones_missing",
    "milestones_not_rising",
    "rates_need_milestones",
    "thresholds_not_readable",
    "thresholds_not_rising",
    "thresholds_start_missing",
)
"""Refusals of a table that is not a list of stages: a gap, or epochs that do not rise from 0."""


def batch_fields(fields: Fields, path: str, *, table_key: str) -> None:
    """The batch size: constant, growing, a table of stages or a list of thresholds."""
    below = f"{path}.batch_size"
    shape = batch_shape(fields.read(below))
    beside = shape_head(
        fields,
        path,
        "batch_size",
        BATCH_SHAPES,
        chosen=shape,
        reshape=lambda schedule, chosen, epochs: with_batch_shape(schedule, chosen, epochs=epochs),
        words=("batch", "batch"),
    )
    if shape in ("constant", "growth", "increase"):
        with beside:
            fields.whole(f"{below}.initial", fields.words("batch_initial"))
    if shape in ("growth", "increase"):
        _growth(fields, path, shape)
    if shape == "thresholds":
        fields.text(
            f"{below}.thresholds",
            fields.words("batch_list"),
            change=lambda document, text: written(document, f"{below}.thresholds", text),
        )
        fields.note(fields.words("batch_list_hint"))
    if shape == "stages":
        _stage_table(fields, path, table_key)
        _said_about_table(fields, path)
        stage_tools(fields, path)
    fields.said_exactly(below)


def _growth(fields: Fields, path: str, shape: BatchShape) -> None:
    """By how much the batch grows, how often and where it ends."""
    below = f"{path}.batch_size"
    lands = fields.read(f"{below}.land_on") is not None
    growth, every, end = st.columns(3)
    with growth:
        if shape == "growth":
            fields.number(f"{below}.growth", fields.words("batch_factor"), step=0.5)
        else:
            fields.whole(f"{below}.increase", fields.words("batch_added"))
    with every:
        fields.whole(f"{below}.every_epochs", fields.words("every_epochs"))
    with end:
        name = "land_on" if lands else "maximum"
        fields.whole(f"{below}.{name}", fields.words("batch_maximum"))
    if shape == "growth":
        fields.flag(
            f"{below}.landing",
            fields.words("batch_landing"),
            on=lands,
            hint=fields.words("batch_landing_hint"),
            change=lambda document, on: written(
                document, path, with_landing(read(document, path), wanted=on)
            ),
        )


def _stage_table(fields: Fields, path: str, table_key: str) -> None:
    """The table; the browser's edits are applied to the rows that it was handed, never to its own.

    Its key changes whenever fields moved, so that it begins anew from the plan.
    """
    key = f"{fields.desk}.stages.{table_key}"
    handed = f"{fields.desk}.handed.{table_key}"
    if handed not in st.session_state:
        st.session_state[handed] = rows_of(fields.read(path))
    rows = st.session_state[handed]
    by_stage = rate_shape(fields.read(f"{path}.learning_rate")) == "stages"
    columns = [FROM_EPOCH, BATCH_SIZE, RATE] if by_stage else [FROM_EPOCH, BATCH_SIZE]

    def bring() -> None:
        document = current(fields.desk)
        schedule = with_rows(read(document, path), edited(rows, st.session_state[key]))
        changed(written(document, path, schedule), desk=fields.desk)

    st.data_editor(
        [{name: asdict(row)[name] for name in columns} for row in rows],
        key=key,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        on_change=bring,
        column_config=_columns(fields),
        alt=fields.words("stages_alt"),
    )
    fields.note(fields.words("stages_hint"))


def _said_about_table(fields: Fields, path: str) -> None:
    """One sentence for a table that is not a list of stages; others, such as a rate of 0, too."""
    rate, batch = f"{path}.learning_rate", f"{path}.batch_size.thresholds"
    areas = [batch, f"{rate}.milestones_epochs", f"{rate}.rates"]
    if rate_shape(fields.read(rate)) == "stages":
        areas.append(f"{rate}.initial")
    found = [
        remark for remark in fields.remarks if any(is_within(remark.field, area) for area in areas)
    ]
    if any(remark.code in _NO_LIST for remark in found):
        fields.refusal(fields.words("stages_wrong"))
    for remark in found:
        if remark.code not in _NO_LIST:
            fields.refusal(remark_sentence(remark, fields.session.language))


def _columns(fields: Fields) -> dict[str, Any]:
    return {
        FROM_EPOCH: st.column_config.NumberColumn(
            fields.words("stage_from"), min_value=0, step=1, format="%d"
        ),
        BATCH_SIZE: st.column_config.NumberColumn(
            fields.words("stage_batch"), min_value=1, step=1, format="%d"
        ),
        RATE: st.column_config.NumberColumn(fields.words("stage_rate"), format="%.6g"),
    }
