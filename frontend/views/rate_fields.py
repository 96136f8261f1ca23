"""The fields of a schedule's learning rate: its form, what the form asks for, and its rules."""

import streamlit as st

from frontend.components.fields import Fields
from frontend.planning.document import Document, written
from frontend.planning.schedule_form import (
    BATCH_RULES,
    RATE_SHAPES,
    batch_rule,
    milestones_of,
    milestones_text,
    rate_shape,
    with_batch_rule,
    with_rate_shape,
    with_warm_up,
)
from frontend.views.shape_fields import of_schedule, shape_head
from planner.schedules.learning_rate import COOLDOWN_SHAPES, FALLING_TO_MINIMUM, WARM_UP_SHAPES


def rate_fields(fields: Fields, path: str) -> None:
    """The learning rate: its form, and what the form asks for."""
    rate: Document = fields.read(f"{path}.learning_rate")
    shape = rate_shape(rate)
    beside = shape_head(
        fields,
        path,
        "learning_rate",
        RATE_SHAPES,
        chosen=shape,
        reshape=lambda schedule, chosen, epochs: with_rate_shape(schedule, chosen, epochs=epochs),
        words=("rate", "rate"),
    )
    with beside:
        if shape == "stages":
            fields.note(fields.words("rate_in_table"))
        else:
            fields.number(f"{path}.learning_rate.initial", fields.words("rate_initial"), step=0.01)
    below = f"{path}.learning_rate"
    _shape_fields(fields, below, shape)
    if shape not in ("growth", "stages"):
        _warm_up(fields, path, rate)
    _to_batch(fields, path, rate)
    fields.said_exactly(below, f"{below}.decay")


def _shape_fields(fields: Fields, below: str, shape: str) -> None:
    """What one form of the rate asks for."""
    if shape == "growth":
        largest, every = st.columns(2)
        with largest:
            fields.number(f"{below}.growth.maximum", fields.words("rate_maximum"), step=0.01)
        with every:
            fields.whole(f"{below}.growth.every_epochs", fields.words("every_epochs"))
    if shape == "wsd":
        share, falls = st.columns(2)
        with share:
            fields.number(
                f"{below}.cooldown.steps_fraction", fields.words("cooldown_fraction"), step=0.05
            )
        with falls:
            _named(fields, f"{below}.cooldown.shape", "cooldown", COOLDOWN_SHAPES)
    if shape == "step":
        at, factor = st.columns(2)
        with at:
            milestones = f"{below}.milestones_epochs"
            fields.text(
                milestones,
                fields.words("rate_milestones"),
                shown=milestones_text(fields.read(milestones)),
                change=lambda document, text: written(document, milestones, milestones_of(text)),
            )
        with factor:
            fields.number(f"{below}.factor", fields.words("rate_factor"), step=0.01)
    if shape == "exponential":
        fields.number(f"{below}.factor", fields.words("rate_epoch_factor"), step=0.01)
    if shape == "polynomial":
        fields.number(f"{below}.power", fields.words("rate_power"), step=0.5)
    if shape in FALLING_TO_MINIMUM:
        fields.number(f"{below}.minimum", fields.words("rate_minimum"), step=0.001)


def _warm_up(fields: Fields, path: str, rate: Document) -> None:
    below = f"{path}.learning_rate.warm_up"
    wanted = fields.flag(
        below,
        fields.words("warm_up"),
        on=rate.get("warm_up") is not None,
        change=lambda document, on: of_schedule(
            document,
            path,
            lambda schedule, epochs: with_warm_up(schedule, wanted=on, epochs=epochs),
        ),
    )
    if not wanted:
        return
    largest, length = st.columns(2)
    with largest:
        fields.number(f"{below}.maximum", fields.words("warm_up_maximum"), step=0.01)
    with length:
        fields.whole(f"{below}.epochs", fields.words("warm_up_epochs"))
    rises, every = st.columns(2)
    with rises:
        _named(fields, f"{below}.shape", "warm_up", WARM_UP_SHAPES)
    if (fields.read(f"{below}.shape") or WARM_UP_SHAPES[0]) == "stairs":
        with every:
            fields.whole(f"{below}.every_epochs", fields.words("warm_up_every"))


def _to_batch(fields: Fields, path: str, rate: Document) -> None:
    """What a growing batch does to the rate, and how slowly."""
    below = f"{path}.learning_rate.to_batch"
    rule = batch_rule(rate)
    chosen, ramp = st.columns([3, 2], vertical_alignment="bottom")
    with chosen:
        fields.choice(
            below,
            fields.words("to_batch"),
            BATCH_RULES,
            names=lambda name: fields.words(f"to_batch_{name}"),
            chosen=rule,
            change=lambda document, name: of_schedule(
                document, path, lambda schedule, _epochs: with_batch_rule(schedule, name)
            ),
            quiet=True,
        )
    if rule != "none":
        with ramp:
            fields.number(f"{below}.ramp_epochs", fields.words("to_batch_ramp"), step=0.5)
    if rule == "power":
        fields.number(f"{below}.exponent", fields.words("to_batch_exponent"), step=0.1)
    fields.said_exactly(below, f"{below}.rule")


def _named(fields: Fields, path: str, prefix: str, options: tuple[str, ...]) -> None:
    """A choice whose labels share a prefix; the first option where nothing is said."""
    fields.choice(
        path,
        fields.words(f"{prefix}_shape"),
        options,
        names=lambda name: fields.words(f"{prefix}_{name}"),
        chosen=fields.read(path) or options[0],
        change=lambda document, chosen: written(document, path, chosen),
    )
