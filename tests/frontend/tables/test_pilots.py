from dataclasses import replace
from datetime import UTC, datetime

import pytest

from frontend.tables.pilots import COLUMNS, CSV_COLUMNS, csv_rows, pilot_table
from planner.exchange.page_states import PilotSummary
from wording.catalogue import LANGUAGES, knows

RUNNING = PilotSummary(
    id="p1",
    name="A <b>new</b> pilot",
    phase="selection",
    created_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    owner="Kim",
    workload="digits-mlp",
    runs_done=12,
    runs_planned=48,
    spent_device_h=0.005,
    expected_device_h=0.02,
    payback_months=None,
    verdict=None,
)
DONE = PilotSummary(
    id="p2",
    name="Finished",
    phase="done",
    created_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    owner="Kim",
    workload="digits-mlp",
    runs_done=48,
    runs_planned=48,
    spent_device_h=0.02,
    expected_device_h=0.02,
    payback_months=None,
    verdict="do_not_adopt",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_has_every_column(language):
    markup = pilot_table([RUNNING, DONE], language)
    assert markup.count('scope="col"') == len(COLUMNS)
    assert all(knows(f"page.pilots.column_{column}") for column in COLUMNS)


def test_a_name_is_text_and_leads_to_what_is_worth_seeing():
    markup = pilot_table([RUNNING, DONE], "ja")
    assert "A &lt;b&gt;new&lt;/b&gt; pilot" in markup
    assert 'href="/live?pilot=p1&amp;lang=ja"' in markup
    assert 'href="/review?pilot=p2&amp;lang=ja"' in markup


def test_progress_and_device_time_say_how_much_is_left():
    markup = pilot_table([RUNNING], "en")
    assert "width: 25.0%" in markup
    assert "12 of 48" in markup
    assert "18.0 s of 1 min 12 s" in markup


def test_never_is_an_answer_but_not_before_the_end():
    assert "never" not in pilot_table([RUNNING], "en")
    assert "never" in pilot_table([DONE], "en")


def test_the_file_has_one_line_a_pilot():
    rows = csv_rows([RUNNING, DONE])
    assert [len(row) for row in rows] == [len(CSV_COLUMNS)] * 2
    assert rows[0][CSV_COLUMNS.index("created_at")] == "2026-11-24T09:00:00+00:00"
    assert rows[0][CSV_COLUMNS.index("imported")] is False


def test_a_pilot_that_a_cap_stopped_is_not_listed_as_working():
    markup = pilot_table([replace(RUNNING, cap_reached=True)], "en")
    assert "stopped at a cap" in markup
    assert "choosing learning rates" not in markup
