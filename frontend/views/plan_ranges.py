"""How uncertain the assumptions of a plan are: which of them, between which ends."""

import streamlit as st

from frontend.choices.uncertain import in_order
from frontend.components.fields import Fields
from frontend.planning.document import Document, read, written
from planner.economics.assumptions import LIMITS
from wording.assumption_fields import RANGED

PATH = "pilot.assumptions.ranges"


def ranges(fields: Fields) -> None:
    """Which assumptions are uncertain, and the ends of each."""
    fields.several(
        PATH,
        fields.session.say("page.assumptions.uncertain"),
        list(LIMITS),
        names=lambda name: _name(fields, name),
        change=with_ranges,
        quiet=True,
    )
    for name in in_order(list(fields.read(PATH) or ())):
        places = st.columns(2)
        for place, end, label in zip(places, ("low", "high"), ("lowest", "highest"), strict=True):
            with place:
                words = fields.session.say(
                    f"page.assumptions.{label}_of", assumption=_name(fields, name)
                )
                fields.number(f"{PATH}.{name}.{end}", words, assumed=RANGED[name])
        fields.said_exactly(f"{PATH}.{name}")
    fields.said("pilot.assumptions.correlations")


def with_ranges(document: Document, names: list[str]) -> Document:
    """The plan in which these are uncertain; a new one begins with its value at both ends."""
    known = read(document, PATH) or {}
    values = {name: read(document, f"pilot.assumptions.{name}") for name in in_order(names)}
    ends = {name: known.get(name, {"low": one, "high": one}) for name, one in values.items()}
    return written(document, PATH, ends)


def _name(fields: Fields, name: str) -> str:
    words = fields.session.say(f"assumption.{name}")
    return words[:1].upper() + words[1:]
