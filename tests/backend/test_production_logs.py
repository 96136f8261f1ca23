"""Logs of production runs as trainings: how long, until which day, and whether they arrived."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.app_in_memory import an_api
from tests.support.installation import Api, problem
from tests.support.production_files import (
    LOG,
    MAPPING,
    RUNS_CSV,
    a_database_of_mlflow,
    asked,
    counts,
    preview,
    production_starts,
    results,
    store,
)


@pytest.fixture
def pilot_id(api: Api) -> str:
    return production_starts(api)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, str]]:
    """An installation whose files are all looked at, or refused."""
    with an_api(tmp_path_factory.mktemp("shared")) as api:
        yield api, production_starts(api)


def test_runs_of_a_log_are_trainings_as_long_as_it_says(api: Api, pilot_id: str) -> None:
    runs: dict[str, Any] = {"log": LOG, "device_count": 8}
    ended = preview(api, pilot_id, RUNS_CSV, {"runs": runs})["rows"]
    assert [(row["name"], [one["code"] for one in row["refusals"]]) for row in ended] == [
        ("first", ["results_end_unknown"]),
        ("second", []),
        ("third", ["results_end_unknown"]),
    ]
    mapping = {
        "runs": runs | {"unknown_ends": "reached"},
        "schedules": {"constant": "baseline"},
    }
    stored = store(api, pilot_id, RUNS_CSV, mapping)
    assert counts(stored) == (3, 0, 0)
    kept = {one["result"]["origin"]["name"]: one["result"] for one in results(stored)}
    assert {name: (one["day"], one["reached"], one["role"]) for name, one in kept.items()} == {
        "first": ("2026-11-02", True, "candidate"),
        "second": ("2026-11-03", False, "candidate"),  # its loss is not finite in the end
        "third": ("2026-11-04", True, "baseline"),
    }
    assert [(one["training_h"], one["device_h"]) for one in kept.values()] == [(6.0, 48.0)] * 3


def test_a_log_without_times_of_day_needs_a_day(shared: tuple[Api, str]) -> None:
    log = {**LOG, "elapsed": {"column": "hours", "unit": "hours"}, "timestamp": None}
    text = "run,recipe,step,hours,loss\nr,growing batch,1,2,0.5\nr,growing batch,2,4,0.4\n"
    runs = {"log": log, "device_count": 8, "unknown_ends": "reached"}
    (row,) = preview(*shared, text, {"runs": runs})["rows"]
    assert row["refusals"][0]["code"] == "results_day_missing"
    (row,) = preview(*shared, text, {"runs": {**runs, "day": "2026-11-09"}})["rows"]
    assert (row["result"]["day"], row["result"]["training_h"]) == ("2026-11-09", 4.0)


def test_a_tracker_says_when_and_how_its_runs_ended(
    api: Api, pilot_id: str, tmp_path: Path
) -> None:
    content = a_database_of_mlflow(tmp_path / "mlflow.db")
    log = {
        "schedule": "param.recipe",
        "step": "_step",
        "timestamp": {"column": "_timestamp", "form": "unix_seconds", "pauses": "count"},
        "metrics": {"train_loss": "loss"},
    }
    mapping = {"runs": {"log": log, "device_count": 8}}
    stored = store(api, pilot_id, content, mapping)
    kept = {one["result"]["origin"]["name"]: one["result"] for one in results(stored)}
    assert {
        name: (one["day"], one["training_h"], one["reached"]) for name, one in kept.items()
    } == {"whole": ("2026-11-06", 2.0, True), "killed": ("2026-11-06", 1.0, False)}
    grown = a_database_of_mlflow(tmp_path / "grown.db", "later")
    rows = preview(api, pilot_id, grown, mapping)["rows"]
    assert {row["name"]: row["fate"] for row in rows} == {
        "whole": "known",
        "killed": "known",
        "later": "new",
    }


def test_a_log_is_no_table_of_trainings(shared: tuple[Api, str], tmp_path: Path) -> None:
    content = a_database_of_mlflow(tmp_path / "mlflow.db")
    answer = asked(*shared, "preview", content, MAPPING)
    assert problem(answer) == (422, "results_no_table", "file")
