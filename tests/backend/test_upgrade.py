"""A database of an earlier version is brought to this one with everything that is in it."""

from alembic import command

from backend.upgrade import check, config_for, upgrade
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
