"""The next step in words: what more seeds are worth beside what they cost."""

from planner.money import Money
from planner.reviews.next_step import NextStep
from wording.catalogue import say
from wording.language import Language
from wording.money import compact_money


def next_step_sentence(step: NextStep, language: Language) -> str:
    """What to do next about the candidate, with both amounts where they are known."""
    assumption = say(f"assumption.{step.settle}", language) if step.settle else ""
    words = say(f"next_step.{step.kind}", language, schedule=step.schedule, assumption=assumption)
    amounts = amounts_sentence(step, language)
    return " ".join(filter(None, (amounts, words)))


def amounts_sentence(step: NextStep, language: Language) -> str:
    """Both amounts of the option that is shown; empty where there is none."""
    shown = step.shown
    if shown is None:
        return ""
    return say(
        "next_step.amounts",
        language,
        seeds=shown.seeds,
        worth=_amount(shown.worth, language),
        cost=_amount(shown.cost, language),
    )


def _amount(money: Money, language: Language) -> str:
    return compact_money(money.amount, money.currency, language)
