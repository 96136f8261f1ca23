"""The gate ahead: its criteria, how they stand, and the form that passes it."""

from functools import partial

import streamlit as st

from frontend.calls import decide as decide_calls
from frontend.components.headings import card_title
from frontend.components.markup import element, show, show_table, text
from frontend.components.terms import head_cell
from frontend.session import Session, local
from frontend.views.decide_orders import asking, field, refusals
from planner.decisions.gate import PARTS_OF_ONE, Criterion, CriterionKey, Finding
from planner.exchange.decisions import (
    Adoption,
    DecisionTerms,
    GateAhead,
    ReturnOrder,
    SignOff,
)
from wording.language import Language
from wording.numbers import percent, significant
from wording.times import moment, months
from wording.verdict import probability_text

FRACTIONS = frozenset({*PARTS_OF_ONE, "realised_fraction"})
COLUMNS = ("criterion", "required", "found", "state")


def gate(session: Session, adoption: Adoption, terms: DecisionTerms) -> None:
    """Draws the card of the gate ahead; says so where none is left."""
    with st.container(border=True, key="card-decide-gate"):
        ahead = adoption.ahead
        if ahead is None:
            card_title(session.say("page.decide.no_gate"), session.say("page.decide.no_gate_hint"))
            return
        title = session.say("page.decide.gate", gate=session.say(f"gate.{ahead.gate}"))
        card_title(title, session.say("page.decide.gate_hint", schedule=adoption.schedule))
        if ahead.criteria_fixed:
            _standing(session, ahead)
            _sign(session, adoption, ahead, terms)
        else:
            _fix(session, adoption, ahead)


def way_back(session: Session, adoption: Adoption) -> None:
    """The form that records the return to the baseline schedule."""
    if adoption.stage not in ("limited_rollout", "full"):
        return
    with st.expander(session.say("page.decide.return_title")):
        st.write(session.say("page.decide.return_hint"))
        name, reason = _signature(session, "return")

        def send() -> None:
            order = ReturnOrder(name=name, reason=reason)
            decide_calls.go_back(session.api, adoption.pilot_id, order)

        st.button(
            session.say("page.decide.return_now"),
            key="decide.send.return",
            on_click=asking(session, "return", send),
            **session.offer("POST /api/pilots/{pilot_id}/adoption:return"),
        )
        refusals("return")


def value_text(key: CriterionKey, value: float | None, language: Language, *, missing: str) -> str:
    """A bound or what was found, in the unit of its criterion."""
    if value is None:
        return missing
    if key in ("npv_positive_probability", "payback_in_time_probability"):
        return probability_text(language, value=value)
    if key in FRACTIONS:
        return percent(value, language, decimals=1)
    return months(value, language) if key == "payback_months" else significant(value, language)


def _fix(session: Session, adoption: Adoption, ahead: GateAhead) -> None:
    """Criteria are chosen and fixed before anybody can sign."""
    hint = "fix_hint" if ahead.before_results else "fix_hint_late"
    show(element("p", text(session.say(f"page.decide.{hint}")), class_="pb-note"))
    chosen = []
    places = st.columns(len(ahead.findings), vertical_alignment="bottom")
    for place, found in zip(places, ahead.findings, strict=True):
        with place:
            criterion = _criterion(session, found)
        if criterion is not None:
            chosen.append(criterion)
    send = partial(decide_calls.fix_criteria, session.api, adoption.pilot_id, chosen)
    st.button(
        session.say("page.decide.fix"),
        key="decide.send.fix",
        type="primary",
        on_click=asking(session, "fix", send),
        **session.offer("POST /api/pilots/{pilot_id}/adoption:fix-criteria"),
    )
    refusals("fix")


def _criterion(session: Session, found: Finding) -> Criterion | None:
    """One suggested criterion with its bound; None where it is switched off."""
    key = found.criterion.key
    label = session.say(f"criterion.{key}")
    if key == "verdict_adopt":
        wanted = st.checkbox(label, value=True, key=field("fix", key))
        return Criterion(key=key) if wanted else None
    shown = 100 if key in FRACTIONS else 1
    unit = f"{label} (%)" if key in FRACTIONS else label
    bound = st.number_input(
        unit,
        value=found.criterion.bound * shown,
        min_value=0.0,
        max_value=100.0 if key in PARTS_OF_ONE else None,
        format="%.10g",
        key=field("fix", key),
    )
    return Criterion(key=key, bound=bound / shown)


def _standing(session: Session, ahead: GateAhead) -> None:
    """Every fixed criterion against what is known now."""
    show_table(findings_table(session, ahead.findings), label=session.say("page.decide.criteria"))
    if ahead.fixed_at is not None:
        told = "fixed_early" if ahead.before_results else "fixed_late"
        at = moment(local(ahead.fixed_at), session.language)
        show(element("p", text(session.say(f"page.decide.{told}", at=at)), class_="pb-note"))


def findings_table(session: Session, findings: tuple[Finding, ...]) -> str:
    """Markup of criteria and what was found."""
    head = [
        head_cell(session.say(f"page.decide.column_{name}"), session.language) for name in COLUMNS
    ]
    rows = [element("tr", *_cells(session, found)) for found in findings]
    return element(
        "table",
        element("thead", element("tr", *head)),
        element("tbody", *rows),
        class_="pb-grid pb-words",
    )


def _cells(session: Session, found: Finding) -> list[str]:
    language, key = session.language, found.criterion.key
    missing = session.say("page.decide.not_known")
    state = "met" if found.passed else "not_met"
    tone = "good" if found.passed else "bad"
    if key == "verdict_adopt":
        required, what = session.say("page.decide.yes"), "yes" if found.found else "no"
        shown = session.say(f"page.decide.{what}")
    else:
        required = value_text(key, found.criterion.bound, language, missing=missing)
        shown = value_text(key, found.found, language, missing=missing)
    pill = element("span", text(session.say(f"page.decide.{state}")), class_=f"pb-pill pb-{tone}")
    return [
        element("th", text(session.say(f"criterion.{key}")), scope="row"),
        element("td", text(required)),
        element("td", text(shown)),
        element("td", pill),
    ]


def _sign(session: Session, adoption: Adoption, ahead: GateAhead, terms: DecisionTerms) -> None:
    """Name and reason; a gate that is not passed asks for one more click."""
    name, reason = _signature(session, "sign")
    override = False
    if not ahead.passed:
        override = st.checkbox(session.say("page.decide.override"), key=field("sign", "override"))

    def send() -> None:
        order = SignOff(name=name, reason=reason, override=override, terms=terms)
        decide_calls.sign(session.api, adoption.pilot_id, order)

    st.button(
        session.say("page.decide.sign"),
        key="decide.send.sign",
        type="primary",
        on_click=asking(session, "sign", send),
        **session.offer("POST /api/pilots/{pilot_id}/adoption:sign"),
    )
    refusals("sign")


def _signature(session: Session, place: str) -> tuple[str, str]:
    left, right = st.columns([1, 2])
    with left:
        name = st.text_input(session.say("page.decide.name"), key=field(place, "name"))
    with right:
        reason = st.text_input(session.say("page.decide.reason"), key=field(place, "reason"))
    return name, reason
