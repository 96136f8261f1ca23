"""Files of production trainings that cannot be taken: refused at their line and column."""

from collections.abc import Iterator

import pytest

from tests.support.app_in_memory import an_api
from tests.support.brought_files import bring
from tests.support.gated_pilots import done, order, started
from tests.support.installation import Api, problem
from tests.support.planted_worker import post
from tests.support.production_files import (
    COLUMNS,
    MAPPING,
    TABLE,
    asked,
    preview,
    production_starts,
    table,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, str]]:
    """An installation whose files are all looked at, or refused."""
    with an_api(tmp_path_factory.mktemp("shared")) as api:
        yield api, production_starts(api)


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
