"""Which measured throughput a plan rests on, how old it is, and whether to measure it again."""

from urllib.parse import urlencode

import streamlit as st

from frontend.components.fields import Fields
from frontend.components.headings import card_title
from frontend.components.markup import element, show, text
from frontend.planning.desk import Judgement
from frontend.planning.document import written
from frontend.session import LANGUAGE_PARAM
from frontend.tables.curves import CURVE_PARAM
from planner.plans.plan_facts import CurveUse
from wording.times import duration

PATH = "measure_again"


def throughput_card(fields: Fields, judgement: Judgement) -> None:
    """Where the pilot's times come from, and the choice to measure them anew."""
    with st.container(border=True, key="card-plan-throughput"):
        card_title(fields.words("throughput"), fields.words("throughput_hint"))
        curve = None if judgement.facts is None else judgement.facts.curve
        if curve is None:
            fields.note(fields.words("throughput_unknown"))
            return
        show(element("p", text(_told(fields, curve)), " ", _way(fields, curve), class_="pb-note"))
        again = bool(fields.read(PATH))
        if curve.reused or again:
            fields.flag(
                PATH,
                fields.words("measure_again"),
                on=again,
                hint=fields.words("measure_again_hint"),
                change=lambda document, on: written(document, PATH, on),
            )


def _told(fields: Fields, curve: CurveUse) -> str:
    return fields.words(
        "throughput_reused" if curve.reused else "throughput_estimated",
        number=str(curve.number),
        device=curve.device,
        versions=curve.versions,
        time=duration(round(curve.age_s), fields.session.language),
    )


def _way(fields: Fields, curve: CurveUse) -> str:
    """The link to the curve."""
    query = urlencode({CURVE_PARAM: curve.number, LANGUAGE_PARAM: fields.session.language})
    return element(
        "a",
        text(fields.words("throughput_look")),
        href=f"/throughput?{query}",
        target="_self",
    )
