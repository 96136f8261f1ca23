"""Three sentences for the meeting, filled with what was measured."""

from planner.economics.cost import SECONDS_PER_HOUR
from planner.exchange.reports import ReportFacts
from wording.catalogue import say
from wording.labels import metric_label
from wording.language import Language
from wording.money import money
from wording.numbers import percent
from wording.quantities import metric_text
from wording.times import duration


def meeting_phrases(facts: ReportFacts, language: Language) -> tuple[str, ...]:
    """A small pilot first; growth as an investment; theory indicates, the pilot verifies."""
    return (_small(facts, language), _growth(facts, language), _verified(facts, language))


def _small(facts: ReportFacts, language: Language) -> str:
    review = facts.review
    return say(
        "phrase.small_pilot_first",
        language,
        runs=len(review.races),
        device=review.measured_on.partition(",")[0],
        cost=money(review.pilot_cost.amount, review.pilot_cost.currency, language),
        time=duration(review.pilot_device_h * SECONDS_PER_HOUR, language),
    )


def _growth(facts: ReportFacts, language: Language) -> str:
    reviewed, today = facts.reviewed, facts.review.today
    interval = reviewed.comparison.time_ratio if reviewed.comparison else None
    if interval is None:
        return say("phrase.growth_not_claimed", language, schedule=reviewed.schedule)
    low, mid, high = (percent(one, language) for one in (interval.low, interval.mid, interval.high))
    training = reviewed.training
    if training is None or today is None:
        return say(
            "phrase.growth_without_cost",
            language,
            schedule=reviewed.schedule,
            ratio=mid,
            low=low,
            high=high,
        )
    return say(
        "phrase.growth_is_an_investment",
        language,
        schedule=reviewed.schedule,
        ratio=mid,
        low=low,
        high=high,
        cost=money(training.cost.amount, training.cost.currency, language),
        baseline_cost=money(today.cost_today.amount, today.cost_today.currency, language),
    )


def _verified(facts: ReportFacts, language: Language) -> str:
    reviewed, target = facts.reviewed, facts.review.target
    confirmed = reviewed.seeds_from == "confirmation"
    key = "theory_indicates_pilot_verifies" if confirmed else "theory_indicates_pilot_explores"
    return say(
        f"phrase.{key}",
        language,
        reached=reviewed.measured.reached,
        runs=reviewed.measured.runs,
        schedule=reviewed.schedule,
        metric=metric_label(target.metric, language),
        value=metric_text(target.metric, target.value, language),
    )
