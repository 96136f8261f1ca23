"""What a planned pilot is: its runs, what it takes and costs, and what it must show to pay."""

import streamlit as st

from frontend.components.cards import show_cards
from frontend.components.fields import Fields
from frontend.components.headings import card_title
from frontend.components.markup import element, show, text
from frontend.components.remarks import remark_sentence
from frontend.planning.desk import Judgement, go_to
from frontend.planning.form import step_of
from frontend.session import local
from frontend.views.plan_preview import said_of_last
from planner.plans.plan_facts import PlanFacts
from wording.cards import Card
from wording.money import compact_money, money
from wording.numbers import number, percent
from wording.times import clock, day, duration

SECONDS_AN_HOUR = 3600


def runs_card(fields: Fields, judgement: Judgement) -> None:
    """How many runs the pilot needs, and for what."""
    with st.container(border=True, key="card-plan-runs"):
        card_title(fields.words("runs"), fields.words("runs_hint"))
        if judgement.facts is None:
            fields.note(fields.words("no_facts"))
            return
        said_of_last(fields, judgement)
        counts = judgement.facts.run_counts
        rows = (
            (fields.words("runs_probe"), counts.probe),
            (fields.words("runs_selection"), counts.selection),
            (fields.words("runs_confirmation"), counts.confirmation),
        )
        total = (fields.words("runs_total"), sum(count for _, count in rows))
        listed = [
            element("dt", text(name), class_="pb-total" if (name, count) == total else None)
            + element(
                "dd",
                text(number(count, fields.session.language)),
                class_="pb-total" if (name, count) == total else None,
            )
            for name, count in (*rows, total)
        ]
        show(element("dl", *listed, class_="pb-list"))


def price_of_pilot(fields: Fields, judgement: Judgement) -> None:
    """Cost, duration and finish of the pilot, and the speed-up at which the change pays."""
    facts = judgement.facts
    refused = [remark for remark in fields.remarks if remark.refused]
    show(element("h2", text(fields.words("pilot_itself")), class_="pb-section"))
    if refused:
        _refused(fields)
        return
    if facts is None:
        return
    show(
        element(
            "div",
            element("p", text(_pays_when(fields, facts)), class_="pb-verdict"),
            element("p", text(_takes(fields, facts))),
            class_="pb-banner pb-neutral",
            role="status",
        )
    )
    cards = (
        _duration_card(fields, facts),
        _finish_card(fields, facts),
        _cost_card(fields, facts),
        _investment_card(fields, facts),
        _break_even_card(fields, facts),
    )
    show_cards(cards, fields.words("pilot_itself"))
    _investment(fields, facts)


def _refused(fields: Fields) -> None:
    """Every field that must be corrected, with the way to it."""
    st.error(fields.words("refused"), icon=":material/error:")
    for place, remark in enumerate(fields.remarks):
        step = step_of(remark.field)
        sentence = remark_sentence(remark, fields.session.language)
        label = fields.label_of(remark.field)
        if label:
            sentence = fields.session.say("format.field", field=label, message=sentence)
        where, what = st.columns([1, 3], vertical_alignment="center")
        where.button(
            fields.words("to_step", step=fields.words(f"step_{step}")),
            key=f"plan.refused.{place}",
            on_click=go_to,
            args=(step,),
            width="stretch",
        )
        with what:
            fields.refusal(sentence)


def _pays_when(fields: Fields, facts: PlanFacts) -> str:
    language = fields.session.language
    ratio = facts.break_even_time_ratio
    if ratio is not None and ratio < 1:
        saved = percent(1 - ratio, language, decimals=1)
        return fields.words("pays_when", saved=saved, ratio=percent(ratio, language, decimals=1))
    if ratio is not None:
        return fields.words("pays_even_when_slower", ratio=percent(ratio, language, decimals=1))
    if facts.unavailable is not None:
        return fields.session.say(f"unavailable.{facts.unavailable}")
    return fields.words("pays_never")


def _takes(fields: Fields, facts: PlanFacts) -> str:
    language = fields.session.language
    counts = facts.run_counts
    runs = counts.probe + counts.selection + counts.confirmation
    if facts.pilot_time_s is None:
        return fields.words("takes_unknown", runs=runs)
    return fields.words(
        "takes",
        runs=runs,
        time=duration(facts.pilot_time_s, language),
        device=facts.device or "",
    )


def _unknown(fields: Fields, label: str, why: str) -> Card:
    return Card(label=label, value=fields.words("unknown"), range=fields.words(why))


def _duration_card(fields: Fields, facts: PlanFacts) -> Card:
    label = fields.words("card_duration")
    if facts.pilot_time_s is None:
        return Card(
            label=label, value=fields.words("unknown"), range=fields.words("card_duration_unknown")
        )
    value = duration(facts.pilot_time_s, fields.session.language)
    return Card(
        label=label, value=value, range=fields.words("card_workers", count=max(facts.workers, 1))
    )


def finish_unknown(*, workers: int) -> str:
    """Message key that says why no finish can be stated."""
    return "card_duration_unknown" if workers else "card_finish_unknown"


def _finish_card(fields: Fields, facts: PlanFacts) -> Card:
    label = fields.words("card_finish")
    if facts.finish_at is None:
        return _unknown(fields, label, finish_unknown(workers=facts.workers))
    finish, language = local(facts.finish_at), fields.session.language
    on = fields.words("card_finish_note", day=day(finish.date(), language))
    return Card(label=label, value=clock(finish, language), range=on)


def _cost_card(fields: Fields, facts: PlanFacts) -> Card:
    language = fields.session.language
    label = fields.words("card_cost")
    if facts.pilot_device_h is None:
        return _unknown(fields, label, "card_duration_unknown")
    time = duration(facts.pilot_device_h * SECONDS_AN_HOUR, language)
    if facts.pilot_cost is None:
        return Card(label=label, value=time, range=fields.words("card_cost_unpriced"))
    cost = facts.pilot_cost
    value = money(cost.amount, cost.currency, language)
    return Card(label=label, value=value, range=fields.words("card_cost_note", time=time))


def _investment_card(fields: Fields, facts: PlanFacts) -> Card:
    label = fields.session.say("money.investment")
    if facts.investment is None:
        return Card(
            label=label,
            value=fields.words("unknown"),
            range=fields.words("card_investment_unknown"),
        )
    counted = facts.investment.counted
    value = compact_money(counted.amount, counted.currency, fields.session.language)
    return Card(label=label, value=value, range=fields.words("card_investment"))


def _break_even_card(fields: Fields, facts: PlanFacts) -> Card:
    language = fields.session.language
    label = fields.words("card_break_even")
    ratio = facts.break_even_time_ratio
    if ratio is None:
        value = fields.words("unknown") if facts.unavailable else fields.session.say("format.never")
        return Card(label=label, value=value, range=fields.words("card_break_even_none"))
    return Card(
        label=label,
        value=percent(1 - ratio, language, decimals=1),
        range=fields.words("card_break_even_note", ratio=percent(ratio, language, decimals=1)),
    )


def _investment(fields: Fields, facts: PlanFacts) -> None:
    """The investment line by line."""
    if facts.investment is None:
        return
    language = fields.session.language
    lines = [line for line in facts.investment.lines if line.cost.amount]
    if not lines:
        return
    with st.expander(fields.words("investment_lines")):
        rows = [
            element("dt", text(fields.session.say(f"investment.{line.key}")))
            + element("dd", text(money(line.cost.amount, line.cost.currency, language)))
            for line in lines
        ]
        show(element("dl", *rows, class_="pb-list"))
