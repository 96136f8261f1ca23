"""The rollback procedure as blocks that any format can lay out.

The document is Markdown of our own making (`wording.rollback_procedure`): headings, paragraphs,
lists, tables, bold, code, and a backslash before every character of a name that Markdown would
take for its own. No more of Markdown is read here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from planner.reviews.rollback_procedure import RollbackProcedure
from wording.language import Language
from wording.rollback_procedure import procedure_document

Style = Literal["plain", "bold", "code"]

_TOKEN = re.compile(r"\\(?P<escaped>.)|(?P<bold>\*\*)|(?P<code>`)|(?P<plain>[^\\*`]+|.)", re.DOTALL)
_CELL = re.compile(r"((?:\\.|[^\\|])*)\|")
_ITEM = re.compile(r"(?:-|\d+\.) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of text in one style."""

    text: str
    style: Style = "plain"


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; ``level`` is 1 for the document's title."""

    level: int
    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of text."""

    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A list; its items are numbered where their order is that of steps."""

    items: tuple[Spans, ...]
    numbered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; every row has as many cells as there are heads."""

    heads: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


Block = Heading | Paragraph | Points | Grid


def procedure_blocks(procedure: RollbackProcedure, language: Language) -> tuple[Block, ...]:
    """The whole procedure, its title first."""
    document = procedure_document(procedure, language)
    return tuple(_block(part) for part in document.strip().split("\n\n"))


def plain_text(spans: Spans) -> str:
    """Spans without their styles."""
    return "".join(span.text for span in spans)


def _block(part: str) -> Block:
    if part.startswith("#"):
        marks, _, title = part.partition(" ")
        return Heading(level=len(marks), spans=_spans(title))
    lines = part.split("\n")
    if part.startswith("| "):
        heads, _, *rows = (_cells(line) for line in lines)
        return Grid(heads=heads, rows=tuple(rows))
    if _ITEM.match(part):
        items = tuple(_spans(_ITEM.sub("", line, count=1)) for line in lines)
        return Points(items=items, numbered=part[0].isdigit())
    return Paragraph(spans=_spans(part))


def _cells(line: str) -> tuple[Spans, ...]:
    return tuple(_spans(cell.strip()) for cell in _CELL.findall(line.removeprefix("|")))


def _spans(markdown: str) -> Spans:
    pieces = groupby(_pieces(markdown), key=lambda piece: piece.style)
    return tuple(
        Span(text="".join(piece.text for piece in same), style=style) for style, same in pieces
    )


def _pieces(markdown: str) -> Iterator[Span]:
    bold = code = False
    for token in _TOKEN.finditer(markdown):
        if token["bold"]:
            bold = not bold
        elif token["code"]:
            code = not code
        else:
            style: Style = "code" if code else "bold" if bold else "plain"
            yield Span(text=token["escaped"] or token["plain"], style=style)
