"""Meters over HTTP: kept as any series, on the record of their attempt, shown on the live page."""

import pytest

from backend.wire.codec import decode, encode
from planner.economics.assumptions import Assumptions
from planner.exchange.page_states import LiveRun, LiveView
from planner.exchange.work import ClaimedRun, SeriesChunk
from planner.measurements.gradient_noise import NoiseReading
from planner.measurements.measurement import RunRecord
from planner.pilots.meters import COLUMNS, Meters
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import PlantedWorker, planted_curve


@pytest.fixture
def worker(api: Api) -> PlantedWorker:
    api.create(a_pilot(), throughput=planted_curve())
    return api.worker()


def begun(worker: PlantedWorker, *, from_step: int = 0) -> ClaimedRun:
    claim = worker.claim()
    assert claim is not None
    (run,) = claim.runs
    worker.start(run, from_step=from_step)
    return run


def readings(seq: int, **read: dict[str, float] | float) -> SeriesChunk:
    """``s5={...}`` is a reading after five steps; ``wall_clock_s`` is the attempt's."""
    points = {int(name[1:]): values for name, values in read.items() if isinstance(values, dict)}
    wall_clock_s = read.get("wall_clock_s", 100.0)
    assert isinstance(wall_clock_s, float)
    return SeriesChunk(
        seq=seq,
        group="meters",
        steps=tuple(points),
        columns={name: tuple(point.get(name) for point in points.values()) for name in COLUMNS},
        wall_clock_s=wall_clock_s,
    )


def live_run(api: Api, run_id: str) -> LiveRun:
    pilot_id = api.run(run_id).pilot_id
    view = decode(LiveView, api.get(f"/api/pilots/{pilot_id}/live").json())
    return next(live for live in view.runs if live.run.id == run_id)


def records(api: Api, run_id: str) -> RunRecord:
    pilot_id = api.run(run_id).pilot_id
    found = decode(tuple[RunRecord, ...], api.get(f"/api/pilots/{pilot_id}/records").json())
    return next(record for record in found if record.run_id == run_id)


def test_a_worker_is_told_which_meters_the_pilot_wants(api: Api) -> None:
    api.create(a_pilot(meters={"curvature": False}), throughput=planted_curve())
    assert begun(api.worker()).meters == Meters(curvature=False, noise_scale=True)


def test_a_run_that_nobody_metered_has_no_meters(api: Api, worker: PlantedWorker) -> None:
    assert live_run(api, begun(worker).run_id).meters is None


def test_the_live_page_gets_the_newest_reading_of_every_meter(
    api: Api, worker: PlantedWorker
) -> None:
    run = begun(worker)
    first = {"curvature_ratio": 0.3, "gradient_noise": 64.0, "gradient_square": 2.0}
    second = {"mechanical_energy": 2.0, "energy_jump": 0.0, "curvature_cost_s": 1.5}
    worker.write(run, "series", readings(0, s0=first, s5=second)).raise_for_status()
    meters = live_run(api, run.run_id).meters
    assert meters is not None
    assert meters.summary.curvature_ratio == 0.3
    assert meters.summary.energy_j is None
    noise = meters.summary.stages[0].noise
    assert noise is not None
    assert noise.samples == 64 / 2
    assert (meters.curvature_ratio.steps, meters.curvature_ratio.values) == ((0,), (0.3,))
    assert (meters.mechanical_energy.steps, meters.mechanical_energy.values) == ((5,), (2.0,))
    (curvature,) = meters.summary.shares
    assert (curvature.meter, curvature.attempt_fraction) == ("curvature", 1.5 / 100)


def test_seconds_of_meters_are_on_the_record_of_the_attempt_beside_its_wall_clock(
    api: Api, worker: PlantedWorker
) -> None:
    run = begun(worker)
    early = {"curvature_cost_s": 0.5, "device_cost_s": 0.1}
    late = {"curvature_cost_s": 2.5, "device_cost_s": 0.5}
    worker.write(run, "series", readings(0, s5=early)).raise_for_status()
    worker.write(run, "series", readings(1, s9=late)).raise_for_status()
    (attempt,) = records(api, run.run_id).attempts
    assert attempt.wall_clock_s == 100
    assert attempt.meters_s == 2.5 + 0.5
    assert attempt.evaluations == 0


def test_energy_that_a_meter_told_is_on_the_record_and_reaches_the_review(
    api: Api, worker: PlantedWorker
) -> None:
    """A run of 100 s that drew 300 W; the others wait, so all that has run was metered."""
    run = begun(worker)
    worker.write(run, "series", readings(0, s5={"energy_j": 9e3})).raise_for_status()
    worker.write(run, "series", readings(1, s9={"energy_j": 3e4})).raise_for_status()
    (attempt,) = records(api, run.run_id).attempts
    assert attempt.energy_j == 3e4
    facility = {"pue": 1.2, "grid_kg_per_kwh": 0.4, "as_of": "2026-11-01"}
    assumptions = {**encode(Assumptions()), "facility": facility}
    asked = {"pilot_id": api.run(run.run_id).pilot_id, "assumptions": assumptions}
    review = api.post("/api/reviews:compute", asked).raise_for_status().json()
    assert review["pilot_energy"]["energy_kwh"] == pytest.approx(3e4 / 3.6e6)
    assert review["pilot_energy"]["estimated"] is False
    assert review["pilot_energy"]["power"]["mean_w"] == pytest.approx(300)


def test_what_a_run_did_after_its_meters_last_reading_used_energy_as_before(
    api: Api, worker: PlantedWorker
) -> None:
    """30 kJ in 100 s, and the run went on to 160 s: 300 W all through, not 188 W."""
    run = begun(worker)
    worker.write(run, "series", readings(0, s5={"energy_j": 3e4})).raise_for_status()
    worker.write(run, "series", readings(1, s9={}, wall_clock_s=160.0)).raise_for_status()
    (attempt,) = records(api, run.run_id).attempts
    assert (attempt.wall_clock_s, attempt.energy_j) == (160.0, pytest.approx(300.0 * 160))


def test_the_record_has_the_mean_of_the_noise_that_was_read(
    api: Api, worker: PlantedWorker
) -> None:
    run = begun(worker)
    first = {"gradient_noise": 64.0, "gradient_square": 2.0}
    second = {"gradient_noise": 32.0, "gradient_square": 0.0}
    written = readings(0, s0=first, s5={"curvature_ratio": 0.3}, s9=second)
    worker.write(run, "series", written).raise_for_status()
    found = records(api, run.run_id).noise
    assert found == NoiseReading(noise=48.0, gradient_square=1.0)


def test_where_no_meter_told_the_record_has_no_energy(api: Api, worker: PlantedWorker) -> None:
    run = begun(worker)
    worker.write(run, "series", readings(0, s5={"curvature_ratio": 0.3})).raise_for_status()
    (attempt,) = records(api, run.run_id).attempts
    assert attempt.energy_j is None
    assert records(api, run.run_id).noise is None


def test_a_cost_that_no_meter_can_have_does_not_spoil_the_record(
    api: Api, worker: PlantedWorker
) -> None:
    run = begun(worker)
    wrong = {"curvature_cost_s": -5.0, "device_cost_s": 1e308, "motion_cost_s": 1e308}
    worker.write(run, "series", readings(0, s5=wrong)).raise_for_status()
    (attempt,) = records(api, run.run_id).attempts
    assert attempt.meters_s == 100
