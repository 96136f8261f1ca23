"""What is done to one stage of a table as a whole: cut in two, repeated, taken out."""

from collections.abc import Callable

import streamlit as st

from frontend.components.fields import Fields, current, reshaped
from frontend.planning.document import read, written
from frontend.tables.stages import StageRow, length_epochs, repeated, rows_of, split, with_rows
from wording.numbers import number

_PLACE = "plan.stage"

Rows = tuple[StageRow, ...]


def stage_tools(fields: Fields, path: str) -> None:
    """Which stage, and what to do with it."""
    rows = rows_of(fields.read(path))
    epochs = fields.read(f"{path}.epochs") or fields.read("pilot.budget.epochs") or 1
    if not rows:
        return
    if st.session_state.get(_PLACE, 0) not in range(len(rows)):
        st.session_state[_PLACE] = len(rows) - 1
    place: int = st.selectbox(
        fields.words("stage"),
        range(len(rows)),
        key=_PLACE,
        format_func=lambda other: _name(fields, rows, other),
    )
    cut, again, out = st.columns(3)
    length = length_epochs(rows, place, epochs=epochs)
    _tool(
        fields,
        cut,
        "split",
        lambda: _bring(fields, path, split(rows, place, epochs=epochs)),
        offered=(length or 0) > 1,
    )
    _tool(
        fields,
        again,
        "repeat",
        lambda: _bring(fields, path, repeated(rows, place, epochs=epochs)),
        offered=length is not None,
    )
    left = (*rows[:place], *rows[place + 1 :])
    _tool(
        fields,
        out,
        "remove",
        lambda: _bring(fields, path, left),
        offered=len(rows) > 1 and place > 0,
    )


def _tool(
    fields: Fields,
    column: st.delta_generator.DeltaGenerator,
    name: str,
    act: Callable[[], None],
    *,
    offered: bool,
) -> None:
    column.button(
        fields.words(f"stage_{name}"),
        key=f"plan.stage.{name}",
        help=fields.words(f"stage_{name}_hint"),
        disabled=not offered,
        on_click=act,
        width="stretch",
    )


def _name(fields: Fields, rows: Rows, place: int) -> str:
    start, size = rows[place].from_epoch, rows[place].batch_size
    language = fields.session.language
    return fields.words(
        "stage_named",
        number=number(place + 1, language),
        epoch="" if start is None else number(start, language),
        batch="" if size is None else number(size, language),
    )


def _bring(fields: Fields, path: str, rows: Rows) -> None:
    document = current(fields.desk)
    changed = with_rows(read(document, path), rows)
    reshaped(written(document, path, changed), desk=fields.desk)
