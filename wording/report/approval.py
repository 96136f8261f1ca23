"""The six items of an approval request: purpose, investment, effect, payback, risks, exit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

from planner.economics.business_case import BusinessCase
from planner.economics.cost import SECONDS_PER_HOUR
from planner.exchange.reports import ReportFacts
from planner.money import Money
from planner.reviews.verdict import VerdictFacts
from wording.catalogue import say
from wording.inputs import input_name
from wording.labels import metric_label
from wording.language import Language
from wording.money import compact_money, money, money_range
from wording.numbers import number, ratio
from wording.quantities import metric_text
from wording.reasons_to_return import reasons_to_return
from wording.review import payback_band, quality_difference, verdict_risks
from wording.times import duration, months
from wording.verdict import payback_sentence, quality_sentence

MOST_DRIVERS = 3
"""Inputs that are named as moving the result most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the form: what it is called, and what is said."""

    key: str
    label: str
    sentences: tuple[str, ...]


def approval(facts: ReportFacts, verdict: VerdictFacts, language: Language) -> tuple[Item, ...]:
    """The six items in the order of the form."""
    request = _Request(facts=facts, verdict=verdict, language=language)
    items: dict[str, Callable[[], Iterator[str]]] = {
        "purpose": request.purpose,
        "investment": request.investment,
        "effect": request.effect,
        "payback": request.payback,
        "risks": request.risks,
        "exit": request.exit,
    }
    return tuple(
        Item(
            key=key,
            label=say(f"report.approval.{key}", language),
            sentences=tuple(sentences()),
        )
        for key, sentences in items.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What is asked for, item by item."""

    facts: ReportFacts
    verdict: VerdictFacts
    language: Language

    def purpose(self) -> Iterator[str]:
        """Which schedule replaces which, and for the same target."""
        target = self.facts.review.target
        yield self._say(
            "purpose_of",
            workload=self.facts.review.workload,
            schedule=self.facts.schedule,
            baseline=self.facts.baseline.schedule,
            metric=metric_label(target.metric, self.language),
            direction=say(f"direction.{target.direction}", self.language),
            value=metric_text(target.metric, target.value, self.language),
        )
        today = self.facts.review.today
        if today is not None:
            yield self._say(
                "today",
                time=duration(today.training_h * SECONDS_PER_HOUR, self.language),
                cost=self._money(today.cost_today),
            )

    def investment(self) -> Iterator[str]:
        """What is paid once, and which part of it is spent already."""
        case = self.facts.reviewed.case
        if case is None:
            yield self._unknown()
            return
        lines = case.investment.lines
        yield self._say("investment_of", total=self._money(case.investment.counted))
        counted = [line for line in lines if line.counted and line.cost.amount]
        named = [
            self._say(
                "line",
                name=say(f"investment.{line.key}", self.language),
                amount=self._money(line.cost),
            )
            for line in counted
        ]
        if named:
            yield self._say("investment_lines", lines=self._listed(named))
        sunk = [line.cost for line in lines if line.sunk and line.cost.amount]
        if sunk:
            spent = Money(amount=sum(one.amount for one in sunk), currency=sunk[0].currency)
            said = "sunk_counted" if case.investment.lines[0].counted else "sunk_not_counted"
            yield self._say(said, amount=self._money(spent))

    def effect(self) -> Iterator[str]:
        """What one training then takes, costs and saves; what that is worth; whether it is good."""
        review, reviewed = self.facts.review, self.facts.reviewed
        case = reviewed.case
        if case is None or review.today is None:
            yield self._unknown()
        else:
            yield self._training(case)
            yield self._say(
                "worth",
                worth=self._money(case.value.total),
                devices=self._money(case.value.device_hours),
                people=self._money(case.value.engineer_hours),
                earlier=self._money(case.value.earlier_result),
            )
            yield self._net_benefit(case)
        if review.quality is not None:
            yield quality_sentence(
                self.language,
                metric=review.quality.metric,
                difference=quality_difference(reviewed.comparison),
                tolerance=review.quality.tolerance,
            )

    def payback(self) -> Iterator[str]:
        """When the money is back, also with interest."""
        case, assumed = self.facts.reviewed.case, self.facts.review.assumptions
        if case is None:
            yield self._unknown()
            return
        yield payback_sentence(
            self.language,
            band=payback_band(case),
            limit_months=assumed.payback_limit_months,
            horizon_months=assumed.horizon_months,
        )
        later = case.discounted_payback.months
        if later:
            yield self._say("discounted", months=months(later, self.language))

    def risks(self) -> Iterator[str]:
        """How sure it is, what to look at first, and what moves the result most."""
        yield from verdict_risks(self.verdict, self.language)
        case = self.facts.reviewed.case
        longest = case.propagation.tornado[:MOST_DRIVERS] if case else ()
        bars = [bar for bar in longest if bar.swing.amount > 0]
        if len(bars) > 1:
            named = [input_name(bar.name, self.language) for bar in bars]
            yield self._say("drivers", inputs=self._listed(named))

    def exit(self) -> Iterator[str]:
        """What is seen in production that ends it, and what is then decided."""
        for reason in reasons_to_return(self.facts.procedure, self.language):
            seen = reason.seen[:1].upper() + reason.seen[1:]
            yield self._say("exit_when", seen=seen, decision=reason.decision)

    def _training(self, case: BusinessCase) -> str:
        today = self.facts.review.today
        if today is None:
            raise AssertionError("a case stands on today's training")
        return self._say(
            "training",
            time=duration(case.training.training_h * SECONDS_PER_HOUR, self.language),
            time_today=duration(today.training_h * SECONDS_PER_HOUR, self.language),
            cost=self._money(case.training.cost),
            cost_today=self._money(today.cost_today),
        )

    def _net_benefit(self, case: BusinessCase) -> str:
        band, currency = case.propagation.npv, case.npv.currency
        roi = case.roi_fraction
        return self._say(
            "net_benefit",
            horizon=say(
                "format.months",
                self.language,
                months=number(self.facts.review.assumptions.horizon_months, self.language),
            ),
            npv=compact_money(case.npv.amount, currency, self.language),
            range=money_range(band.low.amount, band.high.amount, currency, self.language),
            roi=say("format.not_defined", self.language)
            if roi is None
            else ratio(roi, self.language, decimals=1),
        )

    def _unknown(self) -> str:
        return self._say("no_money")

    def _money(self, amount: Money) -> str:
        return money(amount.amount, amount.currency, self.language)

    def _listed(self, names: list[str]) -> str:
        return reduce(
            lambda first, second: say("report.pair", self.language, first=first, second=second),
            names,
        )

    def _say(self, key: str, **params: str | float) -> str:
        return say(f"report.approval.{key}", self.language, **params)
