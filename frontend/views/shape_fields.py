"""The head of one part of a schedule: which form it takes, and the place for its first number."""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from frontend.components.fields import Fields
from frontend.planning.document import Document, read, written

Reshape = Callable[[Document, str, int], Document]
"""A schedule, the form that was chosen and the epochs of a run to the schedule in that form."""


def shape_head(
    fields: Fields,
    path: str,
    part: str,
    shapes: Sequence[str],
    *,
    chosen: str,
    reshape: Reshape,
    words: tuple[str, str],
) -> DeltaGenerator:
    """Draws the choice of a form; the place beside it is for what every form asks for.

    Args:
        fields: Of the plan.
        path: Of the schedule.
        part: Which part of it, below ``path``.
        shapes: What is offered.
        chosen: The form that it has.
        reshape: What choosing another one does.
        words: Keys of the label, and before the name of each form.
    """
    label, names = words
    form, beside = st.columns([3, 2], vertical_alignment="bottom")
    with form:
        fields.choice(
            f"{path}.{part}",
            fields.words(label),
            shapes,
            names=lambda name: fields.words(f"{names}_{name}"),
            chosen=chosen,
            change=lambda document, shape: of_schedule(
                document, path, lambda schedule, epochs: reshape(schedule, shape, epochs)
            ),
            quiet=True,
        )
    return beside


def of_schedule(
    document: Document, path: str, change: Callable[[Document, int], Document]
) -> Document:
    """The plan with one schedule changed by what knows how many epochs a run has."""
    epochs = read(document, "pilot.budget.epochs") or 1
    return written(document, path, change(read(document, path), epochs))
