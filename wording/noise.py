"""What a transfer assumes of the gradient noise scale, and what follows where it is otherwise."""

from planner.economics.cost import SECONDS_PER_HOUR
from planner.reviews.review import Review
from wording.catalogue import say
from wording.language import Language
from wording.money import compact_money
from wording.numbers import significant
from wording.times import duration, months


def noise_sentence(review: Review, schedule: str, language: Language) -> str:
    """Of one candidate; empty where the pilot is itself the training: nothing is carried over."""
    if review.production is None:
        return ""
    found = next((one for one in review.noise_scenarios if one.schedule == schedule), None)
    if found is None:
        return say("noise_scenario.not_measured", language)
    back = found.payback.months
    return say(
        "noise_scenario.four_times",
        language,
        share=significant(found.pilot_share_ratio, language),
        time=duration(found.training.training_h * SECONDS_PER_HOUR, language),
        npv=compact_money(found.npv.amount, found.npv.currency, language, signed=True),
        payback=say("noise_scenario.never", language) if back is None else months(back, language),
    )
