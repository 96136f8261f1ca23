"""The fields of a schedule's momentum: its form, and what the form asks for."""

import streamlit as st

from frontend.components.fields import Fields
from frontend.document import Document, read, written
from frontend.schedule_form import MOMENTUM_SHAPES, momentum_shape, with_momentum_shape


def momentum_fields(fields: Fields, path: str) -> None:
    """One number for a constant; where momentum changes, its other end and its pace."""
    below = f"{path}.momentum"
    shape = momentum_shape(fields.read(path))
    form, first = st.columns([3, 2])
    with form:
        fields.choice(
            below,
            fields.words("momentum"),
            MOMENTUM_SHAPES,
            names=lambda name: fields.words(f"momentum_shape_{name}"),
            chosen=shape,
            change=lambda document, chosen: _reshaped(document, path, chosen),
            quiet=True,
        )
    with first:
        label = "momentum_at_high_rate" if shape == "mirrored" else "momentum_initial"
        fields.number(f"{below}.value", fields.words(label), step=0.01)
    if shape != "constant":
        _other_end(fields, below, shape)
    fields.said_exactly(below, f"{below}.shape")


def _other_end(fields: Fields, below: str, shape: str) -> None:
    final, pace = st.columns(2)
    with final:
        label = "momentum_at_low_rate" if shape == "mirrored" else "momentum_final"
        fields.number(f"{below}.final", fields.words(label), step=0.01)
    if shape == "step":
        with pace:
            fields.whole(f"{below}.every_epochs", fields.words("every_epochs"))
    fields.note(fields.words("momentum_keeps_rate"))


def _reshaped(document: Document, path: str, chosen: str) -> Document:
    epochs = read(document, "pilot.budget.epochs") or 1
    return written(document, path, with_momentum_shape(read(document, path), chosen, epochs=epochs))
