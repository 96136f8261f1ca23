"""Production trainings from a table: previewed row by row, stored all together, never doubled."""

from collections.abc import Iterator

import pytest

from tests.support.app_in_memory import an_api
from tests.support.brought_files import bring
from tests.support.gated_pilots import RESULT, done, look, order
from tests.support.installation import Api, problem
from tests.support.production_files import (
    COLUMNS,
    MAPPING,
    TABLE,
    asked,
    counts,
    preview,
    production_starts,
    results,
    store,
    table,
)


@pytest.fixture
def pilot_id(api: Api) -> str:
    return production_starts(api)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, str]]:
    """An installation whose files are all looked at, or refused."""
    with an_api(tmp_path_factory.mktemp("shared")) as api:
        yield api, production_starts(api)


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


def test_schedules_by_other_names_are_said_and_others_are_left_out(api: Api, pilot_id: str) -> None:
    text = table(
        "a;new;2026-11-06;60;8;yes;", "b;old;2026-11-06;60;8;yes;", "c;toy;2026-11-06;1;1;no;"
    )
    uses = {"new": "candidate", "old": "baseline", "toy": "leave_out"}
    stored = store(api, pilot_id, text, MAPPING | {"schedules": uses})
    assert counts(stored) == (2, 0, 1)
    roles = {one["result"]["origin"]["name"]: one["result"]["role"] for one in results(stored)}
    assert roles == {"a": "candidate", "b": "baseline"}


def test_trainings_before_the_sign_off_are_left_out_where_that_is_said(
    shared: tuple[Api, str],
) -> None:
    text = table("a;growing batch;2026-10-06;60;8;yes;", "b;growing batch;2026-11-06;60;8;yes;")
    rows = preview(*shared, text, MAPPING | {"earlier": "leave_out"})["rows"]
    assert [row["fate"] for row in rows] == ["left_out", "new"]


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
