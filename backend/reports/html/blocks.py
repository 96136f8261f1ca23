"""Parts of the page: cards, tables, charts, and the blocks of the rollback procedure."""

from collections.abc import Iterable

from backend.reports.markup import element, text
from backend.reports.procedure_blocks import Block, Grid, Heading, Points, Spans
from backend.reports.svg.alternative import alternative
from backend.reports.svg.chart import chart_svg
from backend.reports.svg.look import Look
from wording.cards import Card
from wording.report.approval import Item
from wording.report.tables import Table
from wording.report.words import CaptionedChart

WIDE = 7
"""More columns than these are printed small."""

_TAGS = {"bold": "strong", "code": "code"}


def paragraphs(sentences: Iterable[str], *, class_: str | None = None) -> str:
    """One paragraph a sentence."""
    return "".join(element("p", text(sentence), class_=class_) for sentence in sentences)


def listed(sentences: Iterable[str], *, numbered: bool) -> str:
    """One item a sentence."""
    items = (element("li", text(sentence)) for sentence in sentences)
    return element("ol" if numbered else "ul", *items)


def card(one: Card) -> str:
    """One of the five numbers."""
    tone = "pill" if one.tone == "plain" else f"pill {one.tone}"
    pill = element("span", text(one.range), class_=tone) if one.range else ""
    return element(
        "div",
        element("dt", text(one.label)),
        element("dd", text(one.value), class_="value"),
        element("dd", pill),
        class_="card",
    )


def approval_table(items: Iterable[Item], title: str) -> str:
    """The six items of an approval request."""
    rows = (
        element(
            "tr",
            element("th", text(item.label), scope="row"),
            element("td", paragraphs(item.sentences)),
        )
        for item in items
    )
    return framed(element("table", element("tbody", *rows), class_="approval"), title)


def chart_figure(found: CaptionedChart, look: Look) -> str:
    """A chart with its title, what it shows in which unit, and its note."""
    words = found.caption
    note = element("figcaption", text(words.note), class_="muted small") if words.note else ""
    return element(
        "figure",
        element("h3", text(words.title)),
        element("p", text(words.subtitle), class_="muted small"),
        chart_svg(found.chart, look, alternative=alternative(found, look.language)),
        note,
    )


def table(found: Table) -> str:
    """A table under its title; the first cell of a row names it."""
    cells = [[text(cell) for cell in row] for row in found.rows]
    drawn = _table([text(head) for head in found.heads], cells, right=found.right)
    return element("h3", text(found.title)) + framed(drawn, found.title)


def framed(drawn: str, title: str) -> str:
    """A table in a frame that scrolls sideways where it is wider than its place."""
    return element("div", drawn, class_="frame", tabindex="0", role="region", aria_label=title)


def procedure_block(block: Block, title: str) -> str:
    """A block of the rollback procedure; ``title`` is that of the section around it."""
    if isinstance(block, Heading):
        return element(f"h{block.level + 1}", _inline(block.spans))
    if isinstance(block, Points):
        items = (element("li", _inline(item)) for item in block.items)
        return element("ol" if block.numbered else "ul", *items)
    if isinstance(block, Grid):
        rows = [[_inline(cell) for cell in row] for row in block.rows]
        return framed(_table([_inline(head) for head in block.heads], rows), title)
    return element("p", _inline(block.spans))


def _table(heads: list[str], rows: list[list[str]], *, right: frozenset[int] = frozenset()) -> str:
    """Rows of markup below heads of markup."""

    def side(place: int) -> str | None:
        return "right" if place in right else None

    head = (
        element("th", cell, scope="col", class_=side(place)) for place, cell in enumerate(heads)
    )
    body = (
        element(
            "tr",
            element("th", row[0], scope="row"),
            *(
                element("td", cell, class_=side(place))
                for place, cell in enumerate(row[1:], start=1)
            ),
        )
        for row in rows
    )
    return element(
        "table",
        element("thead", element("tr", *head)),
        element("tbody", *body),
        class_="wide" if len(heads) > WIDE else None,
    )


def _inline(spans: Spans) -> str:
    return "".join(
        element(_TAGS[span.style], text(span.text)) if span.style in _TAGS else text(span.text)
        for span in spans
    )
