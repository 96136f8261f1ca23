"""What is old goes on order, told before; what a decision or a report rests on stays for ever."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.gated_pilots import plant, priced_pilot
from tests.support.installation import Api, problem
from tests.support.planted_worker import planted_curve


def measured(api: Api, name: str) -> str:
    pilot_id = api.create(priced_pilot(name=name), throughput=planted_curve(), key=name).id
    api.worker(plant, name=name).work_until_idle()
    return pilot_id


def asked(api: Api, verb: str, days: int) -> dict[str, int]:
    answer = api.post(f"/api/retention:{verb}", {"older_than_days": days}).raise_for_status()
    return {item["kind"]: item["count"] for item in answer.json()["items"]}


def curve_points(api: Api, pilot_id: str) -> int:
    return sum(
        int(api.get(f"/api/runs/{run.id}/series", group="train").json()["total_points"])
        for run in api.runs(pilot_id)
    )


def review(api: Api, pilot_id: str) -> Any:
    return api.post("/api/reviews:compute", {"pilot_id": pilot_id}).raise_for_status().json()


def add_detail(api: Api, pilot_id: str) -> None:
    """A point of the curve that is drawn while somebody looks, for each run."""
    with api.installation.database.write() as session, session.begin():
        for run in api.runs(pilot_id):
            insert = text(
                "INSERT INTO chunks SELECT run_id, attempt, 'watch', 0, first_step, last_step,"
                " points, columns, steps, samples, minima, maxima FROM chunks"
                " WHERE run_id = :run_id AND series_group = 'evaluation' AND number = 0"
            )
            session.execute(insert, {"run_id": run.id})


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
