"""Steps and samples to the target as tables: what was not reached or not compared says why."""

import re

from frontend.tables.efforts import CSV_COLUMNS, csv_rows, runs, schedules
from planner.imports.logged_run import LoggedRun
from planner.reviews.effort_to_target import EffortToTarget, effort_to_target
from tests.support.logged_runs import a_logged_run, evidence_of, known_pilot, known_runs


def found_in(logged: list[LoggedRun]) -> EffortToTarget:
    evidence = evidence_of(known_pilot(logged))
    assert evidence.workload is not None
    return effort_to_target(evidence.pilot, evidence.workload, evidence.records)


def rows_of(markup: str) -> list[list[str]]:
    """The texts of every line below the heads."""
    body = markup.partition("<tbody>")[2]
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr.*?</tr>", body)
    ]


def test_a_schedule_has_medians_and_its_ratios_to_today():
    today, growing = rows_of(schedules(found_in(known_runs()), "en"))
    # 30 steps each: of 100 samples today, of 200 under the candidate; 1,000 an epoch.
    assert today[1:] == ["3 of 3", "30", "3,000", "3.00", "none", "none"]
    assert growing[1:5] == ["3 of 3", "30", "6,000", "6.00"]
    assert growing[5] == "100.0% (100.0% to 100.0%)"
    assert growing[6] == "200.0% (200.0% to 200.0%)"


def test_too_few_pairs_and_runs_that_never_arrived_say_so_in_place_of_a_ratio():
    two = [run for run in known_runs() if run.seed != 3]
    assert rows_of(schedules(found_in(two), "en"))[1][5].startswith("not stated")
    never = [
        a_logged_run(name, 4, losses=[2.0, 1.5], every_s=1.0, batch_size=size)
        for name, size in (("today", 100), ("growing", 200))
    ]
    row = rows_of(schedules(found_in([*known_runs(), *never]), "en"))[1]
    assert row[1] == "3 of 4"
    assert "1 of 4 pairs" in row[6]


def test_a_run_that_never_arrived_says_how_far_it_went():
    never = a_logged_run("growing", 4, losses=[2.0, 1.5], every_s=1.0, batch_size=200)
    today = a_logged_run("today", 4, losses=[2.0, 0.5], every_s=1.0)
    found = found_in([*known_runs(), never, today])
    (row,) = [row for row in rows_of(runs(found, "en")) if row[:2] == ["growing", "4"]]
    assert "10" in row[3]
    assert "40" in row[3]
    file_row = dict(zip(CSV_COLUMNS, csv_rows(found)[-1], strict=True))
    assert (file_row["reached"], file_row["last_step"]) == (False, 10)
    assert file_row["steps_to_target"] is None
