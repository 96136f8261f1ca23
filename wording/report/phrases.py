"""Three sentences for the meeting, filled with what was measured."""

from typing import Literal

from planner.economics.cost import SECONDS_PER_HOUR
from planner.exchange.reports import ReportFacts
from planner.reviews.schedule_review import ScheduleReview
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
    saves = interval.mid < 1 and training.cost.amount < today.cost_today.amount
    return say(
        f"phrase.{'growth_that_saves' if saves else 'growth_is_an_investment'}",
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
    return say(
        f"phrase.theory_indicates_pilot_{_found(reviewed)}",
        language,
        reached=reviewed.measured.reached,
        runs=reviewed.measured.runs,
        schedule=reviewed.schedule,
        metric=metric_label(target.metric, language),
        value=metric_text(target.metric, target.value, language),
    )


def _found(reviewed: ScheduleReview) -> Literal["verifies", "explores", "refutes"]:
    """What the pilot did with the direction; runs that never arrived do not verify it."""
    measured = reviewed.measured
    if measured.runs and not measured.reached:
        return "refutes"
    return "verifies" if reviewed.seeds_from == "confirmation" else "explores"
