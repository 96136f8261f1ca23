import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reports.file_name import attachment, file_name
from backend.reports.formats import FORMATS
from planner.exchange.reports import ReportFacts
from tests.support.reported import PAYS, facts_of

FACTS = replace(facts_of(PAYS), reported_on="2026-11-24", assumptions_sha256="3f9a1c" + "0" * 58)


def named(pilot: str, **changes: str) -> ReportFacts:
    return replace(FACTS, review=replace(FACTS.review, pilot=pilot), **changes)


NAMES = {
    "Digits, growing batch": "paybatch-Digits-growing-batch-2026-11-24-3f9a1c.json",
    "数字のパイロット": "paybatch-数字のパイロット-2026-11-24-3f9a1c.json",
    "../../../etc/passwd": "paybatch-etc-passwd-2026-11-24-3f9a1c.json",
    "CON": "paybatch-CON-2026-11-24-3f9a1c.json",
    "...": "paybatch-2026-11-24-3f9a1c.json",
    "\u202egpj.exe": "paybatch-gpj-exe-2026-11-24-3f9a1c.json",
    "a\u0000b\r\nc": "paybatch-a-b-c-2026-11-24-3f9a1c.json",
}


@pytest.mark.parametrize("pilot", NAMES)
def test_a_file_is_called_like_its_pilot_as_far_as_that_is_harmless(pilot):
    assert file_name(named(pilot), "json", "en") == NAMES[pilot]


def test_reports_of_other_assumptions_have_other_names():
    other = named("x", assumptions_sha256="a0b1c2" + "0" * 58)
    assert file_name(named("x"), "pdf", "ja") == "paybatch-x-2026-11-24-3f9a1c.ja.pdf"
    assert file_name(other, "pdf", "ja") == "paybatch-x-2026-11-24-a0b1c2.ja.pdf"


def test_a_file_with_words_names_their_language_and_no_other_does():
    for form, chosen in FORMATS.items():
        name = file_name(named("x"), form, "ja")
        assert name.endswith(f".{chosen.suffix}")
        assert (".ja." in name) == chosen.in_language


@given(st.text())
def test_no_name_leaves_its_folder_or_its_header(pilot):
    name = file_name(named(pilot), "json", "en")
    assert len(name.encode()) <= 200
    assert name.startswith("paybatch-")
    assert not re.search(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069\s]', name)
    header = attachment(name)
    assert header.isascii()
    assert header.count('"') == 2


def test_a_japanese_name_reaches_browsers_in_utf_8():
    header = attachment("paybatch-数字.pdf")
    assert header == (
        "attachment; filename=\"paybatch-.pdf\"; filename*=UTF-8''paybatch-%E6%95%B0%E5%AD%97.pdf"
    )
