"""The fields of a schedule's momentum: its form, and what the form asks for."""

import streamlit as st

from frontend.components.fields import Fields, current, reshaped
from frontend.planning.document import written
from frontend.planning.rate_form import OWN, RATE_FORMS, converted, is_mixed
from frontend.planning.schedule_form import MOMENTUM_SHAPES, momentum_shape, with_momentum_shape
from frontend.views.shape_fields import shape_head
from planner.schedules.momentum import MomentumForm


def momentum_fields(fields: Fields, path: str) -> None:
    """One number for a constant; where momentum changes, its other end and its pace."""
    below = f"{path}.momentum"
    shape = momentum_shape(fields.read(path))
    beside = shape_head(
        fields,
        path,
        "momentum",
        MOMENTUM_SHAPES,
        chosen=shape,
        reshape=lambda schedule, chosen, epochs: with_momentum_shape(
            schedule, chosen, epochs=epochs
        ),
        words=("momentum", "momentum_shape"),
    )
    with beside:
        label = "momentum_at_high_rate" if shape == "mirrored" else "momentum_initial"
        fields.number(f"{below}.value", fields.words(label), step=0.01)
    if shape != "constant":
        _other_end(fields, below, shape)
    _rate_form(fields, path)
    fields.said_exactly(below, f"{below}.shape")


def _other_end(fields: Fields, below: str, shape: str) -> None:
    final, pace = st.columns(2)
    with final:
        label = "momentum_at_low_rate" if shape == "mirrored" else "momentum_final"
        fields.number(f"{below}.final", fields.words(label), step=0.01)
    if shape == "step":
        with pace:
            fields.whole(f"{below}.every_epochs", fields.words("every_epochs"))
    keep = f"{below}.keep_effective_rate"
    kept = fields.flag(
        keep,
        fields.words("momentum_keep"),
        on=fields.read(keep) is not False,
        change=lambda document, on: written(document, keep, on),
    )
    fields.note(fields.words("momentum_keeps_rate" if kept else "momentum_moves_rate"))


def _rate_form(fields: Fields, path: str) -> None:
    """What the rates were stated for, and the way to state them for the pilot's form."""
    used: MomentumForm = fields.read("pilot.momentum_form") or "heavy_ball"
    stated, convert = st.columns([3, 2], vertical_alignment="bottom")
    with stated:
        fields.choice(
            f"{path}.rate_form",
            fields.words("rate_form"),
            RATE_FORMS,
            names=lambda form: fields.words("rate_form_own" if form == OWN else f"momentum_{form}"),
            chosen=fields.read(f"{path}.rate_form") or OWN,
            hint=fields.words("rate_form_hint"),
            change=lambda document, form: written(
                document, f"{path}.rate_form", None if form == OWN else form
            ),
        )
    if not is_mixed(fields.read(path), used):
        return
    ours = converted(fields.read(path), used)
    convert.button(
        fields.words("rate_form_convert"),
        key="plan.convert_rates",
        icon=":material/swap_horiz:",
        disabled=ours is None,
        on_click=lambda: reshaped(written(current(fields.desk), path, ours), desk=fields.desk),
        width="stretch",
    )
