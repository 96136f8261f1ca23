"""A database of an earlier version is brought to this one with everything that is in it."""

from alembic import command

from backend.database.upgrade import check, config_for, upgrade
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import planted_curve


def test_pilots_and_runs_of_the_first_schema_are_still_there(api: Api) -> None:
    database = api.installation.database
    pilot = api.create(a_pilot(), throughput=planted_curve())
    api.worker().work_until_idle()
    before = api.get(f"/api/pilots/{pilot.id}/records").json()
    with database.connection() as connection:
        command.downgrade(config_for(connection), "0001")
    upgrade(database)
    check(database)
    assert api.pilot(pilot.id).phase == "done"
    assert api.get(f"/api/pilots/{pilot.id}/records").json() == before
    (row,) = api.get("/api/pilots:summaries").json()["items"]
    assert (row["runs_done"], row["expected_device_h"]) == (4, None)


def test_curves_of_an_earlier_schema_know_their_number_format_and_versions(api: Api) -> None:
    database = api.installation.database
    api.create(a_pilot())
    api.worker().work_until_idle()
    with database.connection() as connection:
        command.downgrade(config_for(connection), "0002")
    upgrade(database)
    (curve,) = api.get("/api/throughput").json()["items"]
    assert (curve["dtype"], curve["versions"]) == ("float32", "planted 1")


def test_a_cap_in_device_hours_survives_the_way_to_other_caps_and_back(api: Api) -> None:
    database = api.installation.database
    capped = api.create(a_pilot(caps={"pilot_device_h": 2.5}), throughput=planted_curve())
    free = api.create(a_pilot(), throughput=planted_curve(), key="second")
    with database.connection() as connection:
        command.downgrade(config_for(connection), "0004")
        rows = connection.exec_driver_sql("SELECT id, cap_device_h FROM pilots").all()
    assert {row.id: row.cap_device_h for row in rows} == {capped.id: 2.5, free.id: None}
    upgrade(database)
    check(database)
    live = {made.id: api.get(f"/api/pilots/{made.id}/live").json() for made in (capped, free)}
    assert {made: view["cap_device_h"] for made, view in live.items()} == {
        capped.id: 2.5,
        free.id: None,
    }
