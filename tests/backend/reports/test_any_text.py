"""Any text that a name may be leaves in every export as text: nothing runs it or loads by it."""

import ast
import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html

from backend.cli.files import write_csv
from backend.documents.schedule_file import ScheduleFile, exported
from backend.reports.formats import FORMATS
from backend.reports.report_source import ReportSource
from backend.wire.codec import decode
from planner.bounds import LONGEST_NAME
from planner.exports.export_request import ExportRequest
from planner.exports.trainers import TRAINERS
from planner.schedules.schedule import Schedule
from tests.backend.reports.test_hostile_files import (
    FORMULA,
    assert_no_formula_but_ours,
    is_a_number,
    parts,
)
from tests.support.hostile_names import renamed
from tests.support.installation import schedule_data
from tests.support.reported import facts_of
from wording.spreadsheet_cells import as_written

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "＝", "'", '"', "<", "&", "#", "$", "\\", "{{", "'''")

NAMES = st.builds(
    lambda beginning, rest: (beginning + rest)[:LONGEST_NAME],
    st.sampled_from(BEGINNINGS) | st.just(""),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
).filter(str.strip)
"""Every character but halves of one, behind what formulas, markup and code begin with."""

SAMPLES = 3_200
"""A whole number of steps an epoch, which Megatron needs."""

FEW = settings(max_examples=4)
"""A report takes a quarter of a second; the names that are known to hurt are in another test."""


def source(name: str) -> ReportSource:
    story = renamed(pilot=name, today="today", candidate=name)
    return ReportSource(facts=facts_of(story), given=story)


@FEW
@given(name=NAMES)
def test_a_table_begins_no_formula_and_gives_the_name_back(name: str):
    for body in parts(FORMATS["csv"].render(source(name), "en")).values():
        for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")):
            for cell in row:
                assert not cell.startswith(FORMULA) or is_a_number(cell), cell


@FEW
@given(name=NAMES)
def test_a_page_loads_and_runs_nothing(name: str):
    text = FORMATS["html"].render(source(name), "ja")
    page = html.fromstring(text)
    assert not page.xpath("//script|//img|//iframe|//object|//embed|//link|//a|//form|//image")
    assert not page.xpath("//@href|//@src|//@*[starts-with(name(), 'on')]")
    assert not page.xpath("//*[contains(@style, 'url(') or contains(@fill, 'url(http')]")


@FEW
@given(name=NAMES)
def test_a_workbook_and_a_deck_run_nothing(name: str):
    assert_no_formula_but_ours(FORMATS["xlsx"].render(source(name), "en"), ours=True)
    for kind, body in parts(FORMATS["pptx"].render(source(name), "en")).items():
        assert not kind.endswith(".rels") or b'TargetMode="External"' not in body


@settings(max_examples=2)
@given(name=NAMES)
def test_a_pdf_is_made_whatever_the_name_is(name: str):
    assert FORMATS["pdf"].render(source(name), "en").startswith(b"%PDF-")


@FEW
@given(name=NAMES)
def test_the_record_gives_the_name_back(name: str):
    record = json.loads(FORMATS["json"].render(source(name), "en"))
    assert (record["review"]["pilot"], record["schedule"]) == (name, name)


@settings(max_examples=30)
@given(name=NAMES)
@example(name="a line break of Unicode\x85is one of YAML as well")
@example(name="two\u2028\u2029more")
def test_a_schedule_taken_home_is_data_or_a_program_of_ours(name: str):
    schedule = decode(Schedule, schedule_data(name))
    for to in TRAINERS:
        ask = ExportRequest(schedule=schedule, to=to, epochs=4, sequence_length=128)
        text = exported(ask, training_samples=SAMPLES).text
        calls = {node.func.id for node in ast.walk(ast.parse(text)) if is_a_name(node)}
        assert not calls & {"eval", "exec", "__import__", "system"}
    for to, load in (("yaml", yaml.safe_load), ("json", json.loads)):
        ask = ExportRequest(schedule=schedule, to=to, epochs=4)
        found = decode(ScheduleFile, load(exported(ask, training_samples=SAMPLES).text))
        assert found.schedules[0].name == name


def is_a_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


@settings(max_examples=30)
@given(cells=st.lists(NAMES, min_size=1, max_size=5))
def test_a_table_of_a_command_begins_no_formula(tmp_path_factory: pytest.TempPathFactory, cells):
    out: Path = tmp_path_factory.mktemp("table") / "table.csv"
    write_csv(["name"] * len(cells), [cells], out, total=1)
    with out.open(encoding="utf-8", newline="") as stream:
        _, written = csv.reader(stream)
    assert not [cell for cell in written if cell.startswith(FORMULA)]
    assert [as_written(cell) for cell in written] == cells
