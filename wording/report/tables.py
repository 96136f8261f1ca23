"""The tables of a report as texts."""

from collections.abc import Iterator
from dataclasses import dataclass

from planner.economics.business_case import BusinessCase
from planner.exchange.reports import ReportFacts
from planner.reviews.pace import in_reporting_currency
from planner.reviews.schedule_review import ScheduleReview
from wording.assumption_fields import FIELDS, Field
from wording.catalogue import say
from wording.inputs import input_name, input_value
from wording.language import Language
from wording.money import compact_money, money, money_range
from wording.numbers import number
from wording.returns import returns_of
from wording.review import COLUMNS, NOTHING, comparison_rows
from wording.statistics import statistics_of

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Texts under heads.

    Attributes:
        key: Its name in files; never somebody's own text.
        title: What it is.
        heads: Of the columns.
        rows: As many cells each as heads; the first names the row.
        right: Columns, counted from 0, that hold numbers and are aligned right.
    """

    key: str
    title: str
    heads: Row
    rows: tuple[Row, ...]
    right: frozenset[int] = frozenset()


def report_tables(facts: ReportFacts, language: Language) -> tuple[Table, ...]:
    """Schedules, money, returns, assumptions and statistics; without money, what there is."""
    case = facts.reviewed.case
    return (
        _schedules(facts, language),
        *((_investment(case, language), _worth(case, language)) if case else ()),
        *((_returns(facts, case, language),) if case else ()),
        _assumptions(facts, language),
        _statistics(facts, language),
    )


def _schedules(facts: ReportFacts, language: Language) -> Table:
    """As in the terminal, with the net benefit before the verdict."""
    heads = [say(f"table.{name}", language) for name in COLUMNS]
    rows = []
    for found, row in zip(
        facts.review.schedules, comparison_rows(facts.review, language), strict=True
    ):
        *cells, verdict = row
        rows.append((*cells, _net_benefit(found, language), verdict))
    *before, last = heads
    return Table(
        key="schedules",
        title=say("page.review.table_title", language),
        heads=(*before, say("page.review.net_benefit", language), last),
        rows=tuple(rows),
        right=frozenset(range(1, len(heads))),
    )


def _net_benefit(found: ScheduleReview, language: Language) -> str:
    if found.case is None:
        return NOTHING
    band, npv = found.case.propagation.npv, found.case.npv
    ends = money_range(band.low.amount, band.high.amount, npv.currency, language)
    value = compact_money(npv.amount, npv.currency, language)
    return say("report.with_range", language, value=value, range=ends)


def _investment(case: BusinessCase, language: Language) -> Table:
    def remark(*, sunk: bool, counted: bool) -> str:
        if not sunk:
            return ""
        return say(f"page.review.{'sunk' if counted else 'sunk_not_counted'}", language)

    rows = [
        (
            say(f"investment.{line.key}", language),
            money(line.cost.amount, line.cost.currency, language),
            remark(sunk=line.sunk, counted=line.counted),
        )
        for line in case.investment.lines
        if line.cost.amount
    ]
    total = case.investment.counted
    together = say("page.review.sum", language)
    rows.append((together, money(total.amount, total.currency, language), ""))
    return Table(
        key="investment",
        title=say("page.review.paid_once", language),
        heads=tuple(
            say(f"report.column.{name}", language) for name in ("line", "amount", "remark")
        ),
        rows=tuple(rows),
        right=frozenset({1}),
    )


def _worth(case: BusinessCase, language: Language) -> Table:
    value = case.value
    lines = {
        say("value.device_hours", language): value.device_hours,
        say("value.engineer_hours", language): value.engineer_hours,
        say("value.earlier_result", language): value.earlier_result,
        say("page.review.sum", language): value.total,
    }
    return Table(
        key="worth",
        title=say("page.review.worth_each", language),
        heads=tuple(say(f"report.column.{name}", language) for name in ("line", "amount")),
        rows=tuple(
            (name, money(one.amount, one.currency, language)) for name, one in lines.items()
        ),
        right=frozenset({1}),
    )


def _returns(facts: ReportFacts, case: BusinessCase, language: Language) -> Table:
    lines = returns_of(facts.review, case, language)
    return Table(
        key="returns",
        title=say("page.review.details_returns", language),
        heads=tuple(
            say(f"page.review.column_{name}", language) for name in ("what", "value", "reading")
        ),
        rows=tuple((line.label, line.value, line.meaning) for line in lines),
        right=frozenset({1}),
    )


def _assumptions(facts: ReportFacts, language: Language) -> Table:
    return Table(
        key="assumptions",
        title=say("report.assumptions_title", language),
        heads=tuple(
            say(f"report.column.{name}", language) for name in ("assumption", "value", "range")
        ),
        rows=tuple(_assumed(facts, language)),
        right=frozenset({1, 2}),
    )


def _assumed(facts: ReportFacts, language: Language) -> Iterator[Row]:
    assumed = facts.review.assumptions

    def shown(field: Field, value: float) -> str:
        if not (field.per_cent or field.is_money):
            return number(value, language)
        return input_value(field.name, value, currency=assumed.currency, language=language)

    name = input_name("rent_per_gpu_hour", language)
    yield _capital(name), _price(facts, language), NOTHING
    for field in FIELDS:
        ends = assumed.ranges.get(field.name)
        between = (
            NOTHING
            if ends is None
            else say(
                "format.range",
                language,
                low=shown(field, ends.low),
                high=shown(field, ends.high),
            )
        )
        value = shown(field, float(getattr(assumed, field.name)))
        name = input_name(field.name, language)
        if field.name == "confidence":
            name = say("report.single_look", language, name=name)
        yield _capital(name), value, between


def _price(facts: ReportFacts, language: Language) -> str:
    """A device-hour as its vendor states it, and in the currency of everything else."""
    price = facts.review.price.rent_per_gpu_hour
    stated = money(price.amount, price.currency, language)
    here = in_reporting_currency(price, facts.review.assumptions)
    if price.currency == here.currency:
        return stated
    exchanged = money(here.amount, here.currency, language)
    return say("report.exchanged", language, price=stated, here=exchanged)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _statistics(facts: ReportFacts, language: Language) -> Table:
    review = facts.review
    today = {line.label: line.value for line in statistics_of(review, facts.baseline, language)}
    lines = statistics_of(review, facts.reviewed, language)
    return Table(
        key="statistics",
        title=say("page.review.details_seeds", language),
        heads=(
            say("page.review.column_what", language),
            facts.schedule,
            say("role.baseline", language),
            say("page.review.column_reading", language),
        ),
        rows=tuple(
            (line.label, line.value, today.get(line.label, NOTHING), line.meaning) for line in lines
        ),
        right=frozenset({1, 2}),
    )
