import csv
import io
import zipfile
from dataclasses import replace

import pytest

from backend.reports.csv_zip import csv_zip
from backend.services.report_sources import source_of
from tests.support.reported import PAYS, REPORTED_ON, STORIES
from wording.spreadsheet_cells import as_written, harmless

DANGEROUS = ("=1+1", "+1", "-1", "@sum", '=HYPERLINK("http://x")')


def archive_of(given):
    source = source_of(given, schedule=None, reported_on=REPORTED_ON)
    return source, zipfile.ZipFile(io.BytesIO(csv_zip(source)))


def rows_of(archive, name):
    text = archive.read(f"{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("story", STORIES)
def test_every_table_of_an_archive_is_utf_8_with_its_mark_and_rows_of_one_length(story):
    _, archive = archive_of(STORIES[story])
    for name in archive.namelist():
        content = archive.read(name)
        assert content.startswith(b"\xef\xbb\xbf")
        lengths = {len(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))}
        assert len(lengths) == 1, name


def test_the_same_report_is_the_same_archive_byte_by_byte():
    first, second = (source_of(PAYS, schedule=None, reported_on=REPORTED_ON) for _ in range(2))
    assert csv_zip(first) == csv_zip(second)


def test_numbers_keep_every_digit():
    source, archive = archive_of(PAYS)
    case = source.facts.reviewed.case
    shown = [row for row in rows_of(archive, "schedules") if row["schedule"] == "growing batch"]
    assert float(shown[0]["npv"]) == case.npv.amount
    flows = [float(row["amount"]) for row in rows_of(archive, "cash_flows")]
    assert tuple(flows) == case.flows.amounts


def test_the_archive_says_which_data_and_assumptions_it_is_of():
    source, archive = archive_of(PAYS)
    about = {row["name"]: row["value"] for row in rows_of(archive, "about")}
    assert about["data_sha256"] == source.facts.data_sha256
    assert about["assumptions_sha256"] == source.facts.assumptions_sha256
    assert (about["pilot"], about["reported_on"]) == (PAYS.pilot.name, REPORTED_ON)


@pytest.mark.parametrize("name", DANGEROUS)
def test_no_cell_of_any_table_begins_as_a_formula(name):
    pilot = replace(PAYS.pilot, name=name)
    _, archive = archive_of(replace(PAYS, pilot=pilot))
    for table in archive.namelist():
        for row in csv.reader(io.StringIO(archive.read(table).decode("utf-8-sig"))):
            assert [cell for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))] == []
    about = {row["name"]: row["value"] for row in rows_of(archive, "about")}
    assert about["pilot"] == f"'{name}"


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "\n=1", "'quoted"])
def test_a_cell_that_a_spreadsheet_would_run_is_text_and_reads_back_as_it_was(text):
    cell = harmless(text)
    assert cell == "'" + text
    assert as_written(cell) == text
