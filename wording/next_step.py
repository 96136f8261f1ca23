"""The next step in words: what more seeds are worth beside what they cost."""

from planner.money import Money
from planner.reviews.next_step import (
    ASKS_FOR_SEEDS,
    MOST_MORE_SEEDS,
    SMALLEST_GAIN,
    NextKind,
    NextStep,
)
from wording.catalogue import say
from wording.language import Language
from wording.money import compact_money
from wording.sentences import together

_BEYOND_MONEY = ASKS_FOR_SEEDS - {"add_seeds"}
"""Steps that ask for seeds whatever these are worth in money."""

_ABOUT_MONEY: frozenset[NextKind] = frozenset(
    {"add_seeds", "may_add_seeds", "not_worth_it", "decide", "settle_assumption", "no_look_left"}
)
"""Steps that follow from what more seeds are worth and cost."""


_WHATEVER_SEEDS_ARE_WORTH: frozenset[NextKind] = frozenset({"decide"})
"""Steps whose words do not lean on the amounts, so that these may follow as a remark."""


def next_step_of(step: NextStep, chosen: str, language: Language) -> str:
    """The next step for somebody who reads of a candidate, perhaps another than it is about."""
    sentence = next_step_sentence(step, language)
    if chosen == step.schedule:
        return sentence
    about = say("next_step.about_other", language, schedule=step.schedule, chosen=chosen)
    return together((about, sentence))


def next_step_sentence(step: NextStep, language: Language) -> str:
    """What to do next about the candidate, with both amounts where they are what it is about."""
    if step.kind in _BEYOND_MONEY:
        return _seeds_sentence(step, language)
    assumption = say(f"assumption.{step.settle}", language) if step.settle else ""
    words = say(f"next_step.{step.kind}", language, schedule=step.schedule, assumption=assumption)
    amounts = amounts_sentence(step, language) if step.kind in _ABOUT_MONEY else ""
    advice_first = step.kind in _WHATEVER_SEEDS_ARE_WORTH
    return together((words, amounts) if advice_first else (amounts, words))


def _seeds_sentence(step: NextStep, language: Language) -> str:
    """What the seeds settle, how many it takes, and what these cost; their gain is no money."""
    words = say(f"next_step.{step.kind}", language, schedule=step.schedule)
    if step.needed is None:
        return together((words, say("next_step.needed_unknown", language)))
    needed = say("next_step.needed", language, seeds=step.needed)
    if step.cost_of_needed is not None:
        cost = _amount(step.cost_of_needed, language)
        needed = say("next_step.needed_at_cost", language, seeds=step.needed, cost=cost)
    most = say("next_step.at_once", language, most=MOST_MORE_SEEDS)
    return together((words, needed, most if step.needed > MOST_MORE_SEEDS else ""))


def amounts_sentence(step: NextStep, language: Language) -> str:
    """Both amounts of the option that is shown; empty where there is none."""
    shown = step.shown
    if shown is None:
        return ""
    cost = _amount(shown.cost, language)
    if shown.worth.amount < SMALLEST_GAIN:
        return say("next_step.worthless", language, seeds=shown.seeds, cost=cost)
    worth = _amount(shown.worth, language)
    return say("next_step.amounts", language, seeds=shown.seeds, worth=worth, cost=cost)


def _amount(money: Money, language: Language) -> str:
    return compact_money(money.amount, money.currency, language)
