"""What is old goes on order, told before; what a decision or a report rests on stays for ever."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.drawn_detail import add_detail
from tests.support.gated_pilots import plant, priced_pilot
from tests.support.installation import Api, problem
from tests.support.planted_worker import planted_curve


def measured(api: Api, name: str) -> str:
    pilot_id = api.create(priced_pilot(name=name), throughput=planted_curve(), key=name).id
    api.worker(plant, name=name).work_until_idle()
    return pilot_id


def ordered(api: Api, verb: str, days: int) -> Any:
    order = {"older_than_days": days, "clock_is_right": True}
    return api.post(f"/api/retention:{verb}", order).raise_for_status().json()


def asked(api: Api, verb: str, days: int) -> dict[str, int]:
    return {item["kind"]: item["count"] for item in ordered(api, verb, days)["items"]}


def curve_points(api: Api, pilot_id: str) -> int:
    return sum(
        int(api.get(f"/api/runs/{run.id}/series", group="train").json()["total_points"])
        for run in api.runs(pilot_id)
    )


def review(api: Api, pilot_id: str) -> Any:
    return api.post("/api/reviews:compute", {"pilot_id": pilot_id}).raise_for_status().json()


def detail_by_run(api: Api) -> dict[str, int]:
    with api.installation.database.read() as session:
        counted = (
            "SELECT run_id, count(*) AS parts FROM chunks"
            " WHERE series_group = 'watch' GROUP BY run_id"
        )
        return {row.run_id: row.parts for row in session.execute(text(counted))}


def test_what_is_old_is_told_removed_and_written_down_and_what_was_reported_on_stays(
    api: Api,
) -> None:
    free, reported = measured(api, "free"), measured(api, "reported")
    for pilot_id in (free, reported):
        add_detail(api, pilot_id)
    order = {"format": "json"}
    api.post(f"/api/pilots/{reported}/reports", order, **{"Idempotency-Key": "r"})
    api.post("/api/tokens", {"name": "guest", "scope": "viewer", "valid_days": 1})
    before = [review(api, pilot_id) for pilot_id in (free, reported)]
    assert sum(asked(api, "preview", 1).values()) == 0
    api.clock.jump(days=400)
    found = asked(api, "preview", 365)
    assert found["series"] >= len(api.runs(free))
    assert found["answers"] == 3
    assert found["credentials"] == 1
    assert asked(api, "preview", 365) == found
    kept = curve_points(api, reported)
    assert asked(api, "apply", 365) == found
    assert sum(asked(api, "preview", 365).values()) == 0
    assert (curve_points(api, free), curve_points(api, reported)) == (0, kept)
    assert [review(api, pilot_id) for pilot_id in (free, reported)] == before
    assert api.get("/api/reports/1/file").status_code == 200
    with api.installation.database.read() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT count(*) FROM audit_entries WHERE action = 'retention.apply'"
        )
        assert rows.scalar_one() == 1


@pytest.mark.parametrize("days", [0, -1, 40_000])
def test_an_age_that_is_none_is_refused_at_its_field(shared_api: Api, days: int) -> None:
    for verb in ("preview", "apply"):
        answer = shared_api.post(f"/api/retention:{verb}", {"older_than_days": days})
        assert problem(answer)[2] == "older_than_days"


def test_old_backups_go_but_never_the_newest_nor_the_one_before_the_last_upgrade(
    api: Api,
) -> None:
    maker = api.installation.backups
    for cause in ("upgrade", "schedule", "order", "schedule"):
        maker.make(cause)  # type: ignore[arg-type]
    api.clock.jump(days=400)
    assert asked(api, "apply", 365)["backups"] == 2
    kept = [note.state.number for note in maker.folder.notes()]
    assert kept == [4, 1]
    assert {Path(place).suffix for place in maker.folder.path.iterdir()} == {".json", ".sqlite"}


def test_it_goes_in_portions_of_whole_runs_and_the_same_order_goes_on_where_one_ended(
    api: Api,
) -> None:
    pilot_id = measured(api, "free")
    runs = len(api.runs(pilot_id))
    add_detail(api, pilot_id, parts=200)
    api.clock.jump(days=400)
    left, portions = True, []
    while left:
        before = detail_by_run(api)
        answer = ordered(api, "apply", 365)
        left = answer["left"]
        after = detail_by_run(api)
        assert set(after.values()) <= {200}  # all of a run or nothing of it
        portions.append(len(before) - len(after))
    assert portions[0] == 2  # 2 * 200 parts, and whatever else they have, are at most 500
    assert sum(portions) == runs
    assert sum(asked(api, "preview", 365).values()) == 0


def test_a_run_that_is_longer_than_a_portion_goes_in_one_piece(api: Api) -> None:
    pilot_id = measured(api, "free")
    add_detail(api, pilot_id, parts=600)
    api.clock.jump(days=400)
    whole = len(detail_by_run(api))
    assert ordered(api, "apply", 365)["left"]
    assert detail_by_run(api) == dict.fromkeys(sorted(detail_by_run(api)), 600)
    assert len(detail_by_run(api)) == whole - 1


def test_more_credentials_and_answers_than_a_portion_go_one_portion_after_the_other(
    api: Api,
) -> None:
    insert = text(
        "INSERT INTO idempotency_keys (principal, key, body_sha256, answer, created_at)"
        " VALUES ('gone', :key, '', '{}', '2020-01-01 00:00:00.000000')"
    )
    with api.installation.database.write() as session, session.begin():
        session.execute(insert, [{"key": str(number)} for number in range(1200)])
    answers = [ordered(api, "apply", 365) for _ in range(3)]
    removed = [sum(item["count"] for item in answer["items"]) for answer in answers]
    assert removed == [500, 500, 200]
    assert [answer["left"] for answer in answers] == [True, True, False]


def test_the_file_of_a_backup_stays_when_what_removed_it_did_not_count(api: Api) -> None:
    maker = api.installation.backups
    for _ in range(2):
        maker.make("schedule")
    api.clock.jump(days=400)
    trigger = {
        "sqlite": "BEGIN SELECT RAISE(ABORT, 'no'); END",
        "postgresql": "EXECUTE FUNCTION nobody_writes()",
    }
    kind = api.installation.database.kind
    with api.installation.database.write() as session, session.begin():
        if kind == "postgresql":
            session.execute(
                text(
                    "CREATE FUNCTION nobody_writes() RETURNS trigger LANGUAGE plpgsql AS"
                    " $$ BEGIN RAISE deadlock_detected; END $$"
                )
            )
        session.execute(
            text(
                "CREATE TRIGGER refused BEFORE INSERT ON audit_entries FOR EACH ROW "
                + trigger[kind]
            )
        )
    order = {"older_than_days": 365, "clock_is_right": True}
    assert api.post("/api/retention:apply", order).status_code >= 500
    assert len(maker.folder.notes()) == 2
    assert len(list(maker.folder.path.glob("*.sqlite"))) == 2
