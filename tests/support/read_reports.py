"""Report files read back: their texts without white space, and the numbers that they hold."""

import csv
import io
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from zipfile import ZipFile

from lxml import html
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from tests.support.opened_deck import OpenedDeck

_BETWEEN = re.compile(r"[\s\u200b\xad]")
_BOM = "\ufeff"


def bare(text: str) -> str:
    """A text without what lines and breaks add to it."""
    return _BETWEEN.sub("", text)


@cache
def pdf_text(file: bytes) -> str:
    return bare("".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages))


@cache
def deck_text(file: bytes) -> str:
    deck = OpenedDeck(file)
    return bare(deck.texts() + "".join(deck.notes()))


@cache
def html_text(file: bytes) -> str:
    return bare(html.fromstring(file).text_content())


@cache
def book_text(file: bytes) -> str:
    return bare("".join(str(cell.value) for cell in cells(values_of(file)) if cell.value))


@cache
def values_of(file: bytes) -> Workbook:
    """The workbook with the values that it keeps for programs that do not calculate."""
    return load_workbook(io.BytesIO(file), data_only=True)


@cache
def cells(book: Workbook) -> list[Any]:
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row]


def named(book: Workbook, name: str) -> Any:
    """The value of the cell that has a name."""
    [(sheet, place)] = book.defined_names[name].destinations
    return book[sheet][place.replace("$", "")].value


@cache
def tables(file: bytes) -> Mapping[str, list[dict[str, str]]]:
    """Rows by column of every CSV file in an archive."""
    with ZipFile(io.BytesIO(file)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert all(text.startswith(_BOM) for text in texts.values())
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text.removeprefix(_BOM))))
        for name, text in texts.items()
    }


TEXTS = {"pdf": pdf_text, "pptx": deck_text, "html": html_text, "xlsx": book_text}
"""Reads a file that people read."""
