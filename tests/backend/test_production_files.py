"""Production trainings from files: previewed row by row, stored all together or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.app_in_memory import an_api
from tests.support.brought_files import bring
from tests.support.gated_pilots import RESULT, done, look, order, signed_off, started
from tests.support.installation import Api, problem
from tests.support.planted_worker import post
from tests.support.production_files import (
    COLUMNS,
    LOG,
    MAPPING,
    RUNS_CSV,
    TABLE,
    a_database_of_mlflow,
    asked,
    table,
)


def production_starts(api: Api) -> str:
    """Id of a pilot whose rollout was signed a month ago, on 2026-11-01."""
    pilot_id = started(api)
    signed_off(api, pilot_id)
    api.clock.jump(days=30)
    return pilot_id


@pytest.fixture
def pilot_id(api: Api) -> str:
    return production_starts(api)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, str]]:
    """An installation whose files are all looked at, or refused."""
    with an_api(tmp_path_factory.mktemp("shared")) as api:
        yield api, production_starts(api)


def preview(api: Api, pilot_id: str, text: str | bytes, mapping: object = MAPPING) -> Any:
    return done(asked(api, pilot_id, "preview", text, mapping))


def store(api: Api, pilot_id: str, text: str | bytes, mapping: object = MAPPING) -> Any:
    return done(asked(api, pilot_id, "import", text, mapping))


def counts(stored: dict[str, Any]) -> tuple[int, int, int]:
    return stored["stored"], stored["known"], stored["left_out"]


def test_every_row_is_previewed_with_what_it_becomes(shared: tuple[Api, str]) -> None:
    found = preview(*shared, TABLE)
    assert found["asked"] == []
    assert [(row["line"], row["name"], row["fate"]) for row in found["rows"]] == [
        (2, "a1", "new"),
        (3, "a2", "new"),
        (4, "a3", "new"),
        (5, "a4", "new"),
    ]
    first, second, third, fourth = (row["result"] for row in found["rows"])
    # 22:00 in Tokyo is 13:00 in UTC; 300.5 minutes later it is 18:00:30 of the same day.
    assert (first["day"], first["training_h"]) == ("2026-11-02", pytest.approx(300.5 / 60))
    assert first["device_h"] == pytest.approx(300.5 / 60 * 8)
    # 23:30 in Tokyo is 14:30 in UTC; ten hours later it is the next day.
    assert (second["day"], second["reached"], second["role"]) == ("2026-11-04", False, "candidate")
    assert (third["role"], third["device_h"]) == ("baseline", None)
    assert third["cost"] == {"amount": 150.25, "currency": "USD"}
    # A day without a time begins at midnight in Tokyo.
    assert (fourth["day"], fourth["cost"]["amount"]) == ("2026-11-06", 20.0)
    assert [(one["name"], one["trainings"], one["use"]) for one in found["schedules"]] == [
        ("growing batch", 3, "candidate"),
        ("today", 1, "baseline"),
    ]


def test_trainings_of_a_file_are_laid_over_the_promise_and_say_where_they_come_from(
    api: Api, pilot_id: str
) -> None:
    promise = look(api, pilot_id)["promise"]
    stored = store(api, pilot_id, TABLE)
    assert counts(stored) == (4, 0, 0)
    realised = stored["adoption"]["realised"]
    assert (realised["trainings"], realised["reached"]) == (3, 2)
    assert (realised["baseline_trainings"], realised["baseline_training_h"]) == (1, 12.0)
    today = promise["today_cost"]["amount"]
    price = promise["price_per_device_h"]["amount"]
    per_hour = promise["worth_per_saved_hour"]["amount"]
    worth = [
        today - price * 8 * 300.5 / 60 + per_hour * (promise["today_h"] - 300.5 / 60),
        -price * 8 * 10,  # it missed its quality: its devices only cost
        today - 20 + per_hour * (promise["today_h"] - 4),
    ]
    assert realised["value"]["amount"] == pytest.approx(sum(worth) * promise["kept_fraction"])
    series = stored["adoption"]["chart"]["series"][1]
    assert len(series["x"]) == 1 + 3
    (newest, *_) = stored["adoption"]["results"]
    assert newest["result"]["origin"] == {
        "file_name": "trainings.csv",
        "sha256": stored["sha256"],
        "line": 5,
        "name": "a4",
    }


def test_the_same_file_again_is_told_and_doubles_nothing(api: Api, pilot_id: str) -> None:
    first = store(api, pilot_id, TABLE)
    again = preview(api, pilot_id, TABLE)
    assert {row["fate"] for row in again["rows"]} == {"known"}
    repeated = store(api, pilot_id, TABLE)
    assert counts(repeated) == (0, 4, 0)
    assert repeated["adoption"]["results"] == first["adoption"]["results"]


def test_a_file_that_has_grown_adds_what_is_new_by_its_ids(api: Api, pilot_id: str) -> None:
    store(api, pilot_id, TABLE)
    grown = table("a9;growing batch;2026-11-20;300;8;yes;", *TABLE.splitlines()[1:])
    assert counts(store(api, pilot_id, grown)) == (1, 4, 0)
    changed = table("a1;growing batch;2026-11-02T22:00:00;100;8;yes;")
    (row,) = preview(api, pilot_id, changed)["rows"]
    assert (row["fate"], row["refusals"][0]["code"]) == ("refused", "results_differ")


def test_without_ids_a_file_is_known_by_its_bytes_and_lines(api: Api, pilot_id: str) -> None:
    nameless = {"trainings": {**COLUMNS, "id": None}}
    twice = table(*["x;growing batch;2026-11-20;300;8;yes;"] * 2)
    assert counts(store(api, pilot_id, twice, nameless)) == (2, 0, 0)
    assert counts(store(api, pilot_id, twice, nameless)) == (0, 2, 0)
    assert counts(store(api, pilot_id, twice + "\n", nameless)) == (2, 0, 0)


def test_a_training_that_was_withdrawn_can_be_taken_again(api: Api, pilot_id: str) -> None:
    stored = store(api, pilot_id, TABLE)
    result_id = stored["adoption"]["results"][0]["id"]
    path = f"/api/production-results/{result_id}:withdraw"
    assert done(api.post(path, {"reason": "wrong row"}))["realised"]["trainings"] == 2
    assert counts(store(api, pilot_id, TABLE)) == (1, 3, 0)


def test_a_wrong_file_is_withdrawn_as_a_whole_and_brought_again(api: Api, pilot_id: str) -> None:
    in_hours = {"trainings": {**COLUMNS, "duration": {"column": "minutes", "unit": "hours"}}}
    text = table("a;growing batch;2026-11-06;6;8;yes;", "b;growing batch;2026-11-06;7;8;yes;")
    wrong = store(api, pilot_id, text)
    order(api, pilot_id, "production-results", RESULT).raise_for_status()
    (row, _) = preview(api, pilot_id, text, in_hours)["rows"]
    assert row["refusals"][0]["code"] == "results_differ"
    path = f"/api/pilots/{pilot_id}/production-results:withdraw-file"
    withdrawal = {"sha256": wrong["sha256"], "reason": "hours, not minutes"}
    left = done(api.post(path, withdrawal))
    assert [one["result"]["origin"] for one in left["results"]] == [None]
    assert problem(api.post(path, withdrawal)) == (409, "results_of_file_missing", None)
    assert counts(store(api, pilot_id, text, in_hours)) == (2, 0, 0)


def test_a_repeated_request_is_answered_as_the_first(api: Api, pilot_id: str) -> None:
    brought = bring(api, TABLE.encode(), file_name="trainings.csv")
    body = {"import_id": brought.id, "mapping": MAPPING}
    first, second = (
        done(order(api, pilot_id, "production-results:import", body, key="once")) for _ in range(2)
    )
    assert first == second
    assert first["stored"] == 4
    assert api.get(f"/api/imports/{brought.id}").status_code == 404


def test_one_wrong_cell_and_nothing_of_the_file_is_stored(api: Api, pilot_id: str) -> None:
    text = TABLE + "\na5;growing batch;2026-11-07;5 h;8;yes;\na6;growing batch;;nan;8;maybe;"
    before = api.get("/api/audit", subject=pilot_id).json()["total"]
    refused = asked(api, pilot_id, "import", text, MAPPING)
    assert refused.status_code == 422
    assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [
        ("lines[6].minutes", "import_value_wrong"),
        ("lines[7].minutes", "import_value_wrong"),
        ("lines[7].started", "results_cell_empty"),
        ("lines[7].quality", "import_value_wrong"),
    ]
    assert look(api, pilot_id)["results"] == []
    assert api.get("/api/audit", subject=pilot_id).json()["total"] == before


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("b;growing batch;2026-11-07;nan;8;yes;", "minutes", "import_value_wrong"),
        ("b;growing batch;2026-11-07;inf;8;yes;", "minutes", "import_value_wrong"),
        ("b;growing batch;2026-11-07;5 h;8;yes;", "minutes", "import_value_wrong"),
        ("b;growing batch;2026-11-07;0;8;yes;", "minutes", "not_positive"),
        ("b;growing batch;2026-11-07;-3;8;yes;", "minutes", "not_positive"),
        ("b;growing batch;2026-11-07;;8;yes;", "minutes", "results_cell_empty"),
        ("b;growing batch;soon;60;8;yes;", "started", "import_value_wrong"),
        ("b;growing batch;;60;8;yes;", "started", "results_cell_empty"),
        ("b;growing batch;9999-12-31;6000;8;yes;", "started", "import_value_wrong"),
        ("b;growing batch;2026-10-20;60;8;yes;", "started", "before_sign_off"),
        ("b;growing batch;2027-11-07;60;8;yes;", "started", "in_the_future"),
        ("b;growing batch;2026-11-07;60;2,5;yes;", "gpus", "import_value_wrong"),
        ("b;growing batch;2026-11-07;60;0;yes;", "gpus", "import_value_wrong"),
        ("b;growing batch;2026-11-07;60;8;perhaps;", "quality", "import_value_wrong"),
        ("b;growing batch;2026-11-07;60;8;;", "quality", "results_cell_empty"),
        ("b;growing batch;2026-11-07;60;8;yes;-5", "paid", "negative"),
        ("b;growing batch;2026-11-07;60;8;yes;NaN", "paid", "import_value_wrong"),
        (";growing batch;2026-11-07;60;8;yes;", "job", "results_cell_empty"),
        ("b;;2026-11-07;60;8;yes;", "recipe", "results_cell_empty"),
        ("b;another;2026-11-07;60;8;yes;", "recipe", "results_schedule_unknown"),
    ],
)
def test_a_row_is_refused_at_its_line_and_column(
    shared: tuple[Api, str], row: str, column: str, code: str
) -> None:
    fine = "a;growing batch;2026-11-06;60;8;yes;"
    first, second = preview(*shared, table(fine, row))["rows"]
    assert first["fate"] == "new"
    assert (second["line"], second["fate"]) == (3, "refused")
    assert [(one["column"], one["code"]) for one in second["refusals"]] == [(column, code)]


def test_times_without_an_offset_need_a_zone(shared: tuple[Api, str]) -> None:
    unzoned = {**COLUMNS, "started": {"column": "started", "form": "iso8601"}}
    text = table(
        "a;growing batch;2026-11-06T08:00:00;60;8;yes;",
        "b;growing batch;2026-11-06T08:00:00Z;60;8;yes;",
    )
    first, second = preview(*shared, text, {"trainings": unzoned})["rows"]
    assert first["refusals"][0]["code"] == "import_time_zone_missing"
    assert second["fate"] == "new"


def test_costs_in_another_currency_than_the_promise_are_refused(shared: tuple[Api, str]) -> None:
    in_yen = {**COLUMNS, "cost": {"column": "paid", "currency": "JPY"}}
    (row,) = preview(
        *shared, table("a;growing batch;2026-11-06;60;8;yes;9000"), {"trainings": in_yen}
    )["rows"]
    assert [(one["column"], one["code"]) for one in row["refusals"]] == [
        ("paid", "currencies_mixed")
    ]


def test_the_same_id_twice_in_one_file_is_refused(shared: tuple[Api, str]) -> None:
    rows = preview(*shared, table(*["a;growing batch;2026-11-06;60;8;yes;"] * 2))["rows"]
    assert [row["refusals"][0]["code"] for row in rows] == ["results_id_repeated"] * 2


@pytest.mark.parametrize(
    ("part", "value", "field", "code"),
    [
        ("duration", {"column": "minutes"}, "duration.unit", "import_time_unit_missing"),
        ("started", {"column": "started"}, "started.form", "import_time_form_missing"),
        ("cost", {"column": "paid"}, "cost.currency", "results_currency_missing"),
    ],
)
def test_units_are_asked_and_no_row_is_read_before_they_are_said(
    shared: tuple[Api, str], part: str, value: object, field: str, code: str
) -> None:
    mapping = {"trainings": {**COLUMNS, part: value}}
    found = preview(*shared, TABLE, mapping)
    assert [(one["field"], one["code"]) for one in found["asked"]] == [(field, code)]
    assert found["rows"] == []
    refused = asked(*shared, "import", TABLE, mapping)
    assert problem(refused) == (422, code, f"mapping.{field}")


@pytest.mark.parametrize(
    ("rest", "code", "params"),
    [
        ("\na;b", "import_cells_wrong", {"line": "6", "cells": "2", "columns": "7"}),
        ('\n"a;b;c', "import_line_unreadable", {"line": "6"}),
    ],
)
def test_a_broken_file_is_refused_at_its_line_before_anything_is_mapped(
    shared: tuple[Api, str], rest: str, code: str, params: dict[str, str]
) -> None:
    api, pilot_id = shared
    brought = bring(api, (TABLE + rest).encode(), key=code)
    assert brought.refusal is not None
    assert (brought.refusal.code, brought.refusal.params) == (code, params)
    body = {"import_id": brought.id, "mapping": MAPPING}
    answer = order(api, pilot_id, "production-results:preview", body)
    assert problem(answer) == (409, "import_over", None)


@pytest.mark.parametrize(
    ("mapping", "field", "code"),
    [
        ({"trainings": {**COLUMNS, "id": "number"}}, "file", "import_column_unknown"),
        ({}, "mapping.trainings", "results_kind_said_once"),
        (
            {"trainings": {**COLUMNS, "device_count": 8}},
            "mapping.trainings.devices",
            "results_devices_said_once",
        ),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(
    shared: tuple[Api, str], mapping: object, field: str, code: str
) -> None:
    assert problem(asked(*shared, "preview", TABLE, mapping)) == (422, code, field)


def test_more_trainings_than_a_page_can_show_are_refused(shared: tuple[Api, str]) -> None:
    rows = table(*(f"{number};growing batch;2026-11-06;60;8;yes;" for number in range(1001)))
    answer = asked(*shared, "preview", rows, MAPPING)
    assert problem(answer) == (422, "results_too_many", "file")


def test_schedules_by_other_names_are_said_and_others_are_left_out(api: Api, pilot_id: str) -> None:
    text = table(
        "a;new;2026-11-06;60;8;yes;", "b;old;2026-11-06;60;8;yes;", "c;toy;2026-11-06;1;1;no;"
    )
    uses = {"new": "candidate", "old": "baseline", "toy": "leave_out"}
    stored = store(api, pilot_id, text, MAPPING | {"schedules": uses})
    assert counts(stored) == (2, 0, 1)
    roles = {one["result"]["origin"]["name"]: one["result"]["role"] for one in results(stored)}
    assert roles == {"a": "candidate", "b": "baseline"}


def results(stored: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stored["adoption"]["results"]
    return found


def test_trainings_before_the_sign_off_are_left_out_where_that_is_said(
    shared: tuple[Api, str],
) -> None:
    text = table("a;growing batch;2026-10-06;60;8;yes;", "b;growing batch;2026-11-06;60;8;yes;")
    rows = preview(*shared, text, MAPPING | {"earlier": "leave_out"})["rows"]
    assert [row["fate"] for row in rows] == ["left_out", "new"]


def test_nobody_below_planner_takes_a_file(shared: tuple[Api, str]) -> None:
    api, pilot_id = shared
    guest = done(api.post("/api/tokens", {"name": "guest", "scope": "viewer"}))["token"]
    brought = bring(api, TABLE.encode(), key="guest")
    body = {"import_id": brought.id, "mapping": MAPPING}
    for what in ("preview", "import"):
        path = f"/api/pilots/{pilot_id}/production-results:{what}"
        answer = post(api.http, path, body, guest, **{"Idempotency-Key": what})
        assert answer.status_code == 403


def test_a_file_needs_something_to_be_held_against(api: Api) -> None:
    answer = asked(api, started(api), "preview", TABLE, MAPPING)
    assert problem(answer) == (409, "nothing_promised", None)


def test_a_file_that_is_not_there_is_said(shared: tuple[Api, str]) -> None:
    api, pilot_id = shared
    body = {"import_id": "../credentials.json", "mapping": MAPPING}
    answer = order(api, pilot_id, "production-results:import", body)
    assert problem(answer) == (404, "import_not_found", None)


def test_the_trail_says_who_brought_which_file_and_how_many(api: Api, pilot_id: str) -> None:
    stored = store(api, pilot_id, TABLE)
    entries = api.get("/api/audit", subject=pilot_id).json()["items"]
    (entry,) = [one for one in entries if one["action"] == "production_result.import"]
    assert entry["principal"] == "owner"
    assert entry["after"] == {
        "file_name": "trainings.csv",
        "sha256": stored["sha256"],
        "stored": 4,
        "known": 0,
        "left_out": 0,
    }


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
