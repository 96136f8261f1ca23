"""The procedure as blocks says what its Markdown says, and a name in it stays a name."""

from dataclasses import replace

import pytest

from backend.reports.procedure_blocks import (
    Grid,
    Heading,
    Paragraph,
    Points,
    Span,
    plain_text,
    procedure_blocks,
)
from tests.support.reported import PAYS, facts_of

PROCEDURE = facts_of(PAYS).procedure


def of(kind, blocks):
    return [block for block in blocks if isinstance(block, kind)]


def named(name):
    return replace(PROCEDURE, baseline=replace(PROCEDURE.baseline, schedule=name))


def test_the_title_comes_first_and_sections_are_below_it():
    first, *others = of(Heading, procedure_blocks(PROCEDURE, "en"))
    assert first.level == 1
    assert plain_text(first.spans) == 'Rolling back "growing batch" in production'
    assert {heading.level for heading in others} == {2}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_steps_after_an_alarm_are_numbered_and_the_alarms_are_not(language):
    alarms, steps = of(Points, procedure_blocks(PROCEDURE, language))
    assert (alarms.numbered, steps.numbered) == (False, True)
    assert len(steps.items) == 7


def test_bold_and_code_are_styles_and_not_characters():
    alarms, _ = of(Points, procedure_blocks(PROCEDURE, "en"))
    assert alarms.items[0][0] == Span(text="Alarm", style="bold")
    code = [span.text for item in alarms.items for span in item if span.style == "code"]
    assert code[0] == "best + 0.3 (guessing - best) + 0.05"


@pytest.mark.parametrize(
    "name", ["a|b", "a\\|b", "**bold** `code`", "# no heading", "[x](http://127.0.0.1:9)", "1. a"]
)
def test_a_name_with_the_characters_of_markdown_comes_back_as_it_was(name):
    blocks = procedure_blocks(named(name), "en")
    schedules = of(Grid, blocks)[0]
    assert plain_text(schedules.rows[1][1]) == name
    assert all(len(row) == len(grid.heads) for grid in of(Grid, blocks) for row in grid.rows)
    assert f'"{name}"' in plain_text(of(Paragraph, blocks)[0].spans)
