"""Names that try to be more: no file of a report runs them, loads by them, or breaks."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from zipfile import ZipFile

import pytest
from lxml import etree, html
from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from backend.reports.formats import FORMATS
from backend.reports.report_source import ReportSource
from planner.refusal import Refusal
from tests.support.hostile_names import renamed
from tests.support.measured_pilots import a_pilot
from tests.support.read_reports import bare, deck_text, html_text
from tests.support.reported import facts_of
from wording.catalogue import LANGUAGES

NAMES = {
    "formulas": (
        '=HYPERLINK("http://evil.example/","click")',
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
    ),
    "markup": (
        "<script>alert(1)</script>",
        "</a:t></a:r> &lt;b&gt; ]]> <!ENTITY a 'b'>",
        "<img src='http://evil.example/x.png' onerror=alert(1)>",
    ),
    "typesetting": (
        '#image("http://evil.example/x.png")',
        "$x$ *b* <label> @ref \\ // /* c",
        "[a](http://evil.example) `c`",
    ),
    "unseen": (
        "safe \u202egnp.exe\u2066 x",
        "nul \x00 bell \x07 esc \x1b del \x7f",
        "\u2067\u200fline\nfeed\ttab\rreturn \ufffe",
    ),
    "wide": ("\U0001f680 \U0001f9d1\u200d\U0001f680 \U00013000 e\u0301", "w" * 200, "名前" * 100),
}
"""Of a pilot, of today's schedule and of its candidate."""

PLAIN = ("formulas", "markup", "typesetting")
"""Names whose every sign can be seen."""

TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@cache
def source_of(kind: str) -> ReportSource:
    pilot, today, candidate = NAMES[kind]
    given = renamed(pilot=pilot, today=today, candidate=candidate)
    return ReportSource(facts=facts_of(given), given=given)


@cache
def file_of(kind: str, form: str) -> bytes:
    language = LANGUAGES[list(NAMES).index(kind) % len(LANGUAGES)]
    return FORMATS[form].render(source_of(kind), language)


def parts(archive: bytes) -> Mapping[str, bytes]:
    with ZipFile(io.BytesIO(archive)) as found:
        return {name: found.read(name) for name in found.namelist()}


def is_harmless(text: str) -> bool:
    """Without controls or marks that turn the direction of what follows."""
    return not TURNS.search(text) and all(
        sign in "\n\t\r" or unicodedata.category(sign) != "Cc" for sign in text
    )


@pytest.mark.parametrize("kind", NAMES)
def test_a_deck_holds_names_as_text_and_points_nowhere(kind):
    found = parts(file_of(kind, "pptx"))
    for name, body in found.items():
        assert not name.endswith(".rels") or b'TargetMode="External"' not in body
        if name.endswith(".xml"):
            texts = "".join(etree.fromstring(body).itertext())
            assert is_harmless(texts)
        if name.endswith(".xlsx"):
            assert_no_formula_but_ours(body, ours=False)
    if kind in PLAIN:
        assert bare(NAMES[kind][2]) in deck_text(file_of(kind, "pptx"))


@pytest.mark.parametrize("kind", NAMES)
def test_no_cell_of_a_workbook_runs_a_name(kind):
    file = file_of(kind, "xlsx")
    assert_no_formula_but_ours(file, ours=True)
    for name, body in parts(file).items():
        assert "externalLink" not in name
        assert not name.endswith(".xml") or is_harmless("".join(etree.fromstring(body).itertext()))
        assert not name.endswith(".rels") or b'TargetMode="External"' not in body


def assert_no_formula_but_ours(book: bytes, *, ours: bool) -> None:
    for sheet in load_workbook(io.BytesIO(book)):
        assert not sheet._hyperlinks
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type == "f":
                assert ours
                assert not re.search("cmd|evil|HYPERLINK|SUM\\(1\\+1", str(cell.value))


@pytest.mark.parametrize("kind", NAMES)
def test_a_page_has_no_element_that_runs_or_loads(kind):
    page = html.fromstring(file_of(kind, "html"))
    assert not page.xpath("//script|//img|//iframe|//object|//embed|//link|//a|//form|//image")
    for element in page.iter(etree.Element):
        for attribute, value in element.attrib.items():
            assert not attribute.startswith("on")
            assert attribute not in ("href", "src", "action", "data")
            assert "url(" not in value
    assert page.xpath("//meta[@http-equiv='Content-Security-Policy']")
    assert not TURNS.search(page.text_content())
    if kind in PLAIN:
        assert bare(NAMES[kind][0]) in html_text(file_of(kind, "html"))


@pytest.mark.parametrize("kind", NAMES)
def test_a_pdf_starts_nothing_and_leads_nowhere(kind):
    reader = PdfReader(io.BytesIO(file_of(kind, "pdf")))
    assert len(reader.pages) >= 3
    found = list(dictionaries(reader))
    assert len(found) > 100
    keys = {key for one in found for key in one}
    assert not keys & {"/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch", "/EmbeddedFiles"}
    kinds = {str(one.get("/S")) for one in found}
    assert not kinds & {"/URI", "/Launch", "/JavaScript", "/GoToR", "/SubmitForm", "/ImportData"}


def dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached from the file's root."""
    seen: set[int] = set()
    waiting: list[object] = [reader.trailer]
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if found.idnum not in seen:
                seen.add(found.idnum)
                waiting.append(found.get_object())
        elif isinstance(found, DictionaryObject):
            yield found
            waiting.extend(found.values())
        elif isinstance(found, ArrayObject):
            waiting.extend(found)


@pytest.mark.parametrize("kind", NAMES)
def test_no_cell_of_a_table_begins_a_formula(kind):
    for name, body in parts(file_of(kind, "csv")).items():
        assert name.removesuffix(".csv").replace("/", "").replace("_", "").isalnum()
        for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")):
            for cell in row:
                assert not cell.startswith(FORMULA) or is_a_number(cell), cell


def is_a_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("kind", NAMES)
def test_the_record_gives_names_back_as_they_were(kind):
    record = json.loads(file_of(kind, "json"))
    assert record["review"]["pilot"] == NAMES[kind][0]
    assert record["schedule"] == NAMES[kind][2]


def test_a_name_of_five_hundred_signs_is_refused_before_there_is_anything_to_report():
    with pytest.raises(Refusal, match="too_long") as refused:
        replace(a_pilot(), name="x" * 500)
    assert refused.value.field == "name"
