"""What the theory says of a plan's schedules: a ranking and its reasons, never a time."""

import streamlit as st

from frontend.components.fields import Fields
from frontend.components.headings import card_title
from frontend.components.markup import element, show_table, text
from frontend.components.terms import head_cell
from frontend.planning.desk import Judgement
from frontend.session import Session
from frontend.views.plan_preview import said_of_last
from planner.plans.plan_facts import SchedulePlan
from planner.schedules.theory import StageLimit
from wording.numbers import number, significant

_COLUMNS = ("schedule", "bias", "variance", "covered")


def theory_card(fields: Fields, judgement: Judgement) -> None:
    """Two terms of every schedule with their ranks, and one plain sentence on each family."""
    if judgement.facts is None:
        return
    plans = judgement.facts.schedules
    ranks = {
        name: _ranks([getattr(plan.theory.terms, name) for plan in plans])
        for name in ("bias", "variance")
    }
    heads = [
        head_cell(fields.words(f"theory_{name}"), fields.session.language) for name in _COLUMNS
    ]
    rows = [
        element("tr", *_row(fields, plan, ranks["bias"][place], ranks["variance"][place]))
        for place, plan in enumerate(plans)
    ]
    head = element("thead", element("tr", *heads))
    table = element("table", head, element("tbody", *rows), class_="pb-grid")
    with st.container(border=True, key="card-plan-theory"):
        card_title(fields.words("theory"), fields.words("theory_hint"))
        said_of_last(fields, judgement)
        show_table(table, label=fields.words("theory"))
        for family in dict.fromkeys(plan.theory.family for plan in plans):
            named = ", ".join(plan.schedule for plan in plans if plan.theory.family == family)
            fields.note(f"{named}: {fields.words(f'theory_{family}')}")


def _row(fields: Fields, plan: SchedulePlan, bias_rank: int, variance_rank: int) -> list[str]:
    language, terms = fields.session.language, plan.theory.terms
    cells = (
        f"{significant(terms.bias, language)} ({number(bias_rank, language)})",
        f"{significant(terms.variance, language)} ({number(variance_rank, language)})",
        covered(fields.session, plan.theory.limits),
    )
    name = element("th", text(plan.schedule), scope="row")
    return [name, *(element("td", text(cell)) for cell in cells)]


def covered(session: Session, limits: tuple[StageLimit, ...]) -> str:
    """The smoothness that all stages bear, or how many stages are not covered at all."""
    language = session.language
    largest = [limit.largest_smoothness for limit in limits]
    known = [smoothness for smoothness in largest if smoothness is not None]
    if len(known) < len(largest):
        left = number(len(largest) - len(known), language)
        of = number(len(largest), language)
        return session.say("page.plan.theory_not_covered", stages=left, of=of)
    smoothness = significant(min(known), language)
    return session.say("page.plan.theory_up_to", smoothness=smoothness)


def _ranks(values: list[float]) -> list[int]:
    """1 for the smallest; equal values share a rank."""
    return [1 + sum(other < value for other in values) for value in values]
