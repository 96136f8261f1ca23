"""Alarms of a run: signs that its loss may leave the healthy range, and where it did."""

from frontend.components.markup import element, show, text
from frontend.session import Session
from planner.exchange.page_states import LiveRollback, LiveRun
from wording.early_warning import warning_sentence
from wording.money import money
from wording.numbers import number, percent
from wording.sentences import together
from wording.times import duration


def alarms(session: Session, live: LiveRun) -> None:
    """One line for each return, the last one last, what may come, and what the grey lines are."""
    sentences = [
        *(_sentence(session, told) for told in live.rollbacks),
        *(warning_sentence(one, session.language) for one in live.warnings),
    ]
    if not sentences:
        return
    lines = [
        element("p", text(sentence), class_="pb-remark pb-warning", role="status")
        for sentence in sentences
    ]
    if live.superseded_loss.steps or live.superseded_evaluations.steps:
        legend = session.say("page.live.superseded")
        lines.append(element("p", text(legend), class_="pb-note"))
    show("".join(lines))


def _sentence(session: Session, told: LiveRollback) -> str:
    language, back = session.language, told.rollback
    where = {
        "at_step": number(back.at_step, language),
        "to_step": number(back.to_step, language),
    }
    if back.follows is None:
        share = percent(back.rate_factor, language)
        went = session.say("page.live.rolled_back", share=share, **where)
    else:
        went = session.say("page.live.fell_back", follows=back.follows, **where)
    return together((went, _cost(session, told)))


def _cost(session: Session, told: LiveRollback) -> str:
    """How much is trained again; its time and money where they are known."""
    language, back = session.language, told.rollback
    parts = [
        session.say("page.live.repeated_steps", count=number(back.at_step - back.to_step, language))
    ]
    if told.repeated_s is not None:
        parts.append(duration(told.repeated_s, language))
    if told.repeated is not None:
        parts.append(money(told.repeated.amount, told.repeated.currency, language))
    return session.say("page.live.repeated", what=" · ".join(parts))
