"""A whole pilot over HTTP, driven by a worker whose series are planted."""

from backend.codec import decode
from planner.measurement import RunRecord
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import PlantedWorker, falling_loss, planted_curve


def test_a_pilot_without_a_sweep_goes_from_its_probe_to_done(api: Api) -> None:
    pilot = api.create(a_pilot())
    worker = PlantedWorker(
        api.http, api.credentials.registration_token, lambda *_: falling_loss(0.2)
    )
    assert pilot.phase == "probing"
    worker.work_until_idle()
    done = api.pilot(pilot.id)
    assert (done.phase, done.looks_used) == ("done", 1)
    assert done.throughput == planted_curve()
    assert done.selected == {"today": 1.0, "growing batch": 1.0}
    assert done.run_counts == {"succeeded": 1 + 2 * 2}
    answer = api.get(f"/api/pilots/{pilot.id}/records").raise_for_status()
    records = decode(tuple[RunRecord, ...], answer.json())
    assert len(records) == 5
    assert [m.step for m in records[1].measurements] == [0, 34, 68, 102, 136]
