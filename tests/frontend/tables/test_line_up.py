"""Outcomes and settings of a line-up as tables."""

from frontend.tables.line_up import (
    CSV_COLUMNS,
    csv_rows,
    outcome_table,
    settings_rows,
    settings_table,
)
from tests.planner.line_ups.test_line_up import ONE, given, taking_part, together

FOUND = together(ONE)


def test_every_line_says_what_it_measured_and_what_its_review_says():
    table = outcome_table(FOUND, "en")
    assert table.index(">today<") < table.index(">large<")
    assert "baseline of this view" in table
    assert table.count("5 of 5") == 2
    assert "not available" in table  # the energy, which nobody measured


def test_the_file_has_every_number_at_full_precision():
    rows = [dict(zip(CSV_COLUMNS, row, strict=True)) for row in csv_rows(FOUND)]
    assert [(row["schedule"], row["baseline_of_view"]) for row in rows] == [
        ("today", True),
        ("large", False),
    ]
    measured = ONE.review.schedules[1].measured
    assert rows[1]["time_to_target_mid_s"] == measured.time_to_target_s.mid
    assert rows[1]["verdict"] == ONE.review.verdict.kind


def test_runs_that_the_review_does_not_count_have_no_verdict():
    own = given()
    chosen = tuple(run.run_id for run in own.records if run.run.schedule == "large")[:2]
    table = outcome_table(together(taking_part(own, run_ids=chosen)), "en")
    assert "no verdict, no money" in table


def test_nobodys_text_is_markup():
    hostile = taking_part(given(name="<script>alert(1)</script>"), 1)
    found = together(ONE, hostile)
    shown = outcome_table(found, "ja") + settings_table(found.settings, found.entries, "ja")
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_every_setting_has_words_in_both_languages():
    for language in ("en", "ja"):
        table = settings_table(FOUND.settings, FOUND.entries, language)
        assert table.count('scope="row"') == len(FOUND.settings)
    assert len(settings_rows(FOUND)[0]) == 1 + len(FOUND.entries)
