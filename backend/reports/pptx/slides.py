"""The five slides: each title is an answer, and what stands under it is why."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from backend.reports.pptx.cards import (
    PAD_X,
    PAD_Y,
    chart_card,
    list_card,
    number_card,
    sentence_card,
)
from backend.reports.pptx.master import CONTENT, HEADLINE, MARGIN_PT, TITLE, WIDTH_PT
from backend.reports.pptx.notes import write_notes
from backend.reports.pptx.shapes import (
    Rect,
    Sheet,
    box,
    describe,
    fit,
    fitted_text,
    move,
    paint,
    set_text,
)
from backend.reports.pptx.table import ROW_PT, Grid, native_table
from backend.reports.pptx.text_fit import ELLIPSIS
from backend.reports.pptx.typeset import Type
from backend.reports.visible_text import visible
from planner.exchange.reports import ReportFacts
from planner.reviews.verdict import Decision
from wording.cards import Card
from wording.catalogue import say
from wording.charts.palette import LIGHT
from wording.report.tables import Table
from wording.report.words import CaptionedChart, ReportWords

GAP = 12.0
KICKER = Rect(left=MARGIN_PT, top=24, width=WIDTH_PT - 2 * MARGIN_PT, height=16)
STRIPE_PT = 5.0
GATES = 3
"""Both gates and the way back, each on a card; a remark after them is for the notes."""

LONG_NAME = 40
"""Signs of a schedule's name that a title has room for."""

BANNER_PAD = 20.0
TITLE_SIZES = (26, 24, 22, 20, 18, 16, 15, 14)
SHOWN_COLUMNS = (0, 6, 7, 8, 9, 10)
"""Of the table of schedules: name, time to target, cost, payback, net benefit, verdict."""

_HEADING = re.compile("([^“「]*?)(?:: |\N{FULLWIDTH COLON})")
"""What stands before a colon and before any name: somebody's own may hold a colon."""

_COLOURS: dict[Decision, tuple[str, str]] = {
    "adopt": (LIGHT.good, LIGHT.good_soft),
    "extend": (LIGHT.caution, LIGHT.caution_soft),
    "do_not_adopt": (LIGHT.bad, LIGHT.bad_soft),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a slide may read.

    Attributes:
        facts: Numbers.
        words: Texts, in one language.
    """

    facts: ReportFacts
    words: ReportWords

    def chart(self, key: str) -> CaptionedChart | None:
        """A chart by its key; None where there is none."""
        return next((one for one in self.words.charts if one.chart.key == key), None)

    def table(self, key: str) -> Table | None:
        """A table by its key; None where there is none."""
        return next((one for one in self.words.tables if one.key == key), None)

    def item(self, key: str) -> tuple[str, tuple[str, ...]]:
        """An item of the approval request: its name and its sentences."""
        found = next(one for one in self.words.approval if one.key == key)
        return found.label, found.sentences

    def brief(self, sentence: str) -> str:
        """A sentence for a title: a long name in it gives way to what is said of it."""
        name = self.facts.schedule
        return sentence.replace(name, _cut(name)) if len(name) > LONG_NAME else sentence

    def say(self, key: str) -> str:
        """A message of the deck."""
        return say(f"deck.{key}", self.words.language)


Fill = Callable[[Sheet, Told], None]


def verdict_slide(sheet: Sheet, told: Told) -> None:
    """What to do and why, the five numbers, what was measured, how sure it is."""
    words = told.words
    ink, fill = _COLOURS[words.decision]
    banner = replace(TITLE, top=46, height=70)
    _title(sheet, banner, words.headline, told, fill=fill)
    box(sheet, replace(banner, width=STRIPE_PT), fill=ink, border=None, radius_pt=0, name="Stripe")
    _kicker(sheet, f"{words.title} · {words.subtitle}")
    top = Rect(left=CONTENT.left, top=130, width=CONTENT.width, height=116)
    for place, card in zip(top.columns(len(words.cards), gap=GAP), words.cards, strict=True):
        number_card(sheet, place, card)
    left, right = _split(Rect(left=MARGIN_PT, top=260, width=CONTENT.width, height=240), 0.56)
    list_card(sheet, left, told.say("why"), words.reasons)
    list_card(sheet, right, told.say("sure"), [*words.risks, words.phrases[0]])
    write_notes(sheet, [told.say("say.verdict"), words.headline, *words.reasons], words.phrases)


def payback_slide(sheet: Sheet, told: Told) -> None:
    """When the money is back: the curve, and the three numbers of money."""
    words = told.words
    known = told.facts.reviewed.case is not None
    sentences = told.item("payback")[1] if known else (told.say("no_money"),)
    _heads(sheet, told, "payback", sentences[0])
    left, right = _split(CONTENT, 0.7)
    _chart_or_word(sheet, left, told, "payback")
    for place, card in zip(right.rows(3, gap=GAP), _money_cards(words), strict=True):
        number_card(sheet, place, card)
    effect = told.item("effect")[1] if known else ()
    write_notes(sheet, [told.say("say.payback"), *sentences, *effect], words.phrases[1:2])


def saving_slide(sheet: Sheet, told: Told) -> None:
    """What was measured against today: time, cost, and how the runs came to the target."""
    words = told.words
    _heads(sheet, told, "saving", words.phrases[1])
    table = told.table("schedules")
    rows = min(len(table.rows), 4) if table else 0
    below = ROW_PT * (rows + 1)
    top = replace(CONTENT, height=CONTENT.height - below - GAP)
    left, right = _split(top, 0.5)
    _chart_or_word(sheet, left, told, "time_against_cost", "survival")
    _chart_or_word(sheet, right, told, "convergence")
    if table:
        native_table(sheet, CONTENT.below(CONTENT.height - below), _chosen(table, words.schedule))
    write_notes(sheet, [told.say("say.saving"), *words.reasons], words.phrases[1:2])


def risks_slide(sheet: Sheet, told: Told) -> None:
    """What could prove it wrong: what drives the result, how sure it is, when it is ended."""
    words = told.words
    _heads(sheet, told, "risks", words.risks[-1])
    left, right = _split(CONTENT, 0.58)
    _chart_or_word(sheet, left, told, "tornado")
    label, exits = told.item("exit")
    upper, lower = _stacked(right, 0.4)
    risks = [one for one in told.item("risks")[1] if one != words.risks[-1]]
    list_card(sheet, upper, told.say("sure"), risks or words.risks)
    list_card(sheet, lower, label, exits)
    write_notes(sheet, [told.say("say.risks"), *words.risks, *exits], words.phrases[2:3])


def plan_slide(sheet: Sheet, told: Told) -> None:
    """The next step, both gates, the way back, and what it costs and brings."""
    words = told.words
    step, *gates = words.plan[: 1 + GATES]
    _heads(sheet, told, "plan", step)
    upper, lower = _stacked(CONTENT, 0.42)
    for place, sentence in zip(upper.columns(len(gates), gap=GAP), gates, strict=True):
        sentence_card(sheet, place, *_headed(sentence, told.say("rollback")))
    tables = [found for key in ("investment", "worth") if (found := told.table(key))]
    if tables:
        for place, table in zip(lower.columns(2, gap=GAP), tables, strict=True):
            _table_card(sheet, place, table)
    else:
        list_card(sheet, lower, told.say("rests"), [told.say("no_money"), *words.basis])
    _, exits = told.item("exit")
    write_notes(sheet, [told.say("say.plan"), *words.plan, *exits], words.phrases[:1])


SLIDES: tuple[Fill, ...] = (verdict_slide, payback_slide, saving_slide, risks_slide, plan_slide)


def _heads(sheet: Sheet, told: Told, name: str, answer: str) -> None:
    _title(sheet, TITLE, answer, told)
    _kicker(sheet, f"{told.say(f'slide.{name}')} · {told.words.title}")


def _title(sheet: Sheet, place: Rect, words: str, told: Told, *, fill: str | None = None) -> None:
    """The answer, in the slide's own title; with a colour, in a banner of it."""
    shape = sheet.slide.shapes.title
    if shape is None:
        raise AssertionError("the layout has a title")
    pad = BANNER_PAD if fill else 0.0
    shown = told.brief(words)
    if shown != words:
        sheet.unsaid.append(words)
    one = fit(sheet, place.inset(pad, 0), shown, HEADLINE, TITLE_SIZES)
    set_text(shape, [one], sheet.language, anchor="ctr" if fill else "t", inset_pt=pad)
    move(shape, place)
    if fill:
        paint(shape, fill)
    if one.text != visible(words):
        describe(shape, words)


def _kicker(sheet: Sheet, words: str) -> None:
    fitted_text(
        sheet,
        KICKER,
        words,
        Type(size_pt=12, colour=LIGHT.muted),
        sizes_pt=(12, 11, 10),
        anchor="ctr",
        name="Where we are",
    )


def _chart_or_word(sheet: Sheet, place: Rect, told: Told, *keys: str) -> None:
    """The first chart that there is, or the sentence that says why there is none."""
    for key in keys:
        found = told.chart(key)
        if found is not None:
            chart_card(sheet, place, found, told.words.schedule)
            return
    title = say(f"chart.{keys[0]}.title", told.words.language)
    list_card(sheet, place, title, [told.say("no_chart"), *told.words.basis])


def _money_cards(words: ReportWords) -> tuple[Card, Card, Card]:
    benefit, payback, roi, *_ = words.cards
    return payback, benefit, roi


def _chosen(table: Table, main: str) -> Grid:
    """Four schedules at most; the candidate that all is about is always among them."""
    rows = sorted(
        range(len(table.rows)), key=lambda number: number > 0 and table.rows[number][0] != main
    )[:4]
    shown = [table.rows[number] for number in sorted(rows)]
    return Grid(
        title=table.title,
        heads=[table.heads[column] for column in SHOWN_COLUMNS],
        rows=[[row[column] for column in SHOWN_COLUMNS] for row in shown],
        right=frozenset(range(1, len(SHOWN_COLUMNS))),
        bold=frozenset(number for number, row in enumerate(shown) if row[0] == main),
    )


def _table_card(sheet: Sheet, place: Rect, table: Table) -> None:
    box(sheet, place, name=table.title)
    inner = place.inset(PAD_X, PAD_Y)
    fitted_text(
        sheet,
        replace(inner, height=20.0),
        table.title,
        Type(size_pt=14, bold=True),
        sizes_pt=(14, 13, 12),
        name="Heading",
    )
    rows = [row[:2] for row in table.rows]
    grid = Grid(
        title=table.title,
        heads=table.heads[:2],
        rows=rows,
        right=frozenset({1}),
        bold=frozenset({len(rows) - 1}),
    )
    native_table(sheet, inner.below(26), grid)


def _cut(name: str) -> str:
    """The beginning of a long name."""
    return name[:LONG_NAME].rstrip() + ELLIPSIS


def _headed(sentence: str, otherwise: str) -> tuple[str, str]:
    """What stands before the colon as a heading, and the rest; a sentence without one is whole."""
    found = _HEADING.match(sentence)
    if found is None:
        return otherwise, sentence
    rest = sentence[found.end() :]
    return found[1], rest[:1].upper() + rest[1:]


def _split(place: Rect, share: float) -> tuple[Rect, Rect]:
    left = (place.width - GAP) * share
    return (
        replace(place, width=left),
        replace(place, left=place.left + left + GAP, width=place.width - left - GAP),
    )


def _stacked(place: Rect, share: float) -> tuple[Rect, Rect]:
    upper = (place.height - GAP) * share
    return replace(place, height=upper), place.below(upper + GAP)
