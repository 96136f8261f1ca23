"""What happens after the meeting: the next step, both gates, and how the schedule is watched."""

from collections.abc import Iterator

from planner.decisions.gate import FULL_USE, CriterionKey
from planner.exchange.reports import ReportFacts
from planner.reviews.verdict import VerdictFacts
from wording.catalogue import say
from wording.language import Language
from wording.next_step import next_step_of
from wording.numbers import number, percent
from wording.verdict import probability_text


def plan_sentences(facts: ReportFacts, verdict: VerdictFacts, language: Language) -> Iterator[str]:
    """The steps in their order; of a schedule to be adopted the approval that is asked for first.

    What more seeds would be worth is then a remark, and comes last.
    """
    review, procedure = facts.review, facts.procedure
    remark = next_step_of(review.next_step, facts.schedule, language)
    adopted = verdict.kind == "adopt"
    yield say("report.plan.approve", language, schedule=facts.schedule) if adopted else remark
    yield say(
        "report.plan.limited_rollout",
        language,
        required=probability_text(language, value=verdict.required_probability),
        limit=say("format.months", language, months=review.assumptions.payback_limit_months),
    )
    bounds: dict[CriterionKey, float] = {one.key: one.bound for one in FULL_USE}
    yield say(
        "report.plan.full",
        language,
        trainings=number(bounds["trainings"], language),
        reached=percent(bounds["reached_fraction"], language),
        realised=percent(bounds["realised_fraction"], language),
    )
    yield say(
        "report.plan.rollback",
        language,
        most=procedure.most_rollbacks,
        rate=percent(procedure.rate_kept_factor, language),
        baseline=procedure.baseline.schedule,
    )
    if adopted:
        yield remark
