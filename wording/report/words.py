"""All that a report says in one language; the formats only lay it out."""

from collections.abc import Iterator
from dataclasses import dataclass

from planner.chart import Chart
from planner.exchange.reports import ReportFacts
from planner.reviews.convergence import CHARTS
from planner.reviews.rollback_procedure import RollbackProcedure
from planner.reviews.verdict import Decision, VerdictFacts
from wording.basis import basis_sentences
from wording.cards import Card, five_cards
from wording.catalogue import say
from wording.charts.captions import Caption, Told, caption
from wording.language import Language
from wording.report.approval import Item, approval
from wording.report.phrases import meeting_phrases
from wording.report.plan import plan_sentences
from wording.report.tables import Table, report_tables
from wording.review import verdict_headline, verdict_reasons, verdict_risks
from wording.times import day

HASH_SHOWN = 12
"""Digits of a hash in a footer; the whole of it stands with what the numbers rest on."""

_ORDER = ("payback", "time_against_cost", "tornado", CHARTS["second"], "survival", "sweep")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionedChart:
    """A chart and what is written around it."""

    chart: Chart
    caption: Caption


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWords:
    """Texts, ready to be laid out; names that people chose stand in them as they are.

    Attributes:
        language: Of all of it.
        title: The pilot's name.
        subtitle: Workload, runs and day.
        decision: What the verdict on the candidate is, for its colour.
        schedule: Name of the candidate.
        headline: What to do, and why.
        reasons: What it is worth and what was measured.
        risks: How sure it is, and what could prove it wrong.
        cards: The five numbers.
        approval: The six items of an approval request, in the order of the form.
        phrases: Three sentences for the meeting, filled with measured numbers.
        plan: What happens next, gate by gate.
        charts: In reading order; only those that there are.
        tables: In reading order.
        basis: What the numbers rest on.
        procedure: How the schedule is taken back, for `wording.rollback_procedure`.
        hashes: Name and whole SHA-256 of the data and of the assumptions.
        footer: Both hashes in short, program version and day, in one line.
    """

    language: Language
    title: str
    subtitle: str
    decision: Decision
    schedule: str
    headline: str
    reasons: tuple[str, ...]
    risks: tuple[str, ...]
    cards: tuple[Card, ...]
    approval: tuple[Item, ...]
    phrases: tuple[str, ...]
    plan: tuple[str, ...]
    charts: tuple[CaptionedChart, ...]
    tables: tuple[Table, ...]
    basis: tuple[str, ...]
    procedure: RollbackProcedure
    hashes: tuple[tuple[str, str], ...]
    footer: str


def report_words(facts: ReportFacts, language: Language) -> ReportWords:
    """Everything that a report of these facts says."""
    review, reviewed, verdict = facts.review, facts.reviewed, verdict_of(facts)
    return ReportWords(
        language=language,
        title=review.pilot,
        subtitle=say(
            "report.subtitle",
            language,
            workload=review.workload,
            runs=len(review.races),
            schedules=len(review.schedules),
            day=day(facts.reported_on, language),
        ),
        decision=verdict.kind,
        schedule=facts.schedule,
        headline=verdict_headline(verdict, language),
        reasons=tuple(verdict_reasons(review, reviewed, language)),
        risks=tuple(verdict_risks(verdict, language)),
        cards=five_cards(review, reviewed, language),
        approval=approval(facts, verdict, language),
        phrases=meeting_phrases(facts, language),
        plan=tuple(plan_sentences(facts, verdict, language)),
        charts=tuple(_charts(facts, language)),
        tables=report_tables(facts, language),
        basis=tuple(basis_sentences(review, reviewed, language)),
        procedure=facts.procedure,
        hashes=_hashes(facts, language),
        footer=say(
            "report.footer",
            language,
            data=facts.data_sha256[:HASH_SHOWN],
            assumptions=facts.assumptions_sha256[:HASH_SHOWN],
            version=facts.code_version,
            day=day(facts.reported_on, language),
        ),
    )


def verdict_of(facts: ReportFacts) -> VerdictFacts:
    """The verdict on the candidate that the report is about."""
    return facts.reviewed.verdict or facts.review.verdict


def _charts(facts: ReportFacts, language: Language) -> Iterator[CaptionedChart]:
    found = {chart.key: chart for chart in (*facts.review.charts, *facts.reviewed.charts)}
    told = Told(review=facts.review, reviewed=facts.reviewed, language=language)
    for key in _ORDER:
        if key in found and found[key].series:
            yield CaptionedChart(chart=found[key], caption=caption(found[key], told))


def _hashes(facts: ReportFacts, language: Language) -> tuple[tuple[str, str], ...]:
    return (
        (say("report.data_hash", language), facts.data_sha256),
        (say("report.assumptions_hash", language), facts.assumptions_sha256),
    )
