"""A whole pilot over HTTP, driven by a worker whose series are planted."""

from collections.abc import Callable, Mapping

import pytest

from backend.wire.codec import decode, encode
from planner.exchange.work import Finish
from planner.measurements.measurement import RunRecord
from planner.schedules.schedule import Schedule
from tests.support.installation import Api, a_pilot, pilot_data, problem, schedule_data
from tests.support.planted_worker import falling_loss, planted_curve

CANDIDATES = ("slow", "fast", "middling")

HALF_LIVES = {"today": 0.20, "slow": 0.24, "fast": 0.08, "middling": 0.12}


def best_at_two(
    schedule: Schedule, multiplier: float, seed: int
) -> Callable[[float], Mapping[str, float]]:
    """Every schedule is fastest at twice its rate; seeds differ a little."""
    effort = {0.5: 1.5, 1.0: 1.2, 2.0: 1.0, 4.0: 1.4}[multiplier]
    return falling_loss(HALF_LIVES[schedule.name] * effort * (1 + seed / 1000))


def a_sweep() -> dict[str, object]:
    return {
        "seeds": {"selection": [1, 2], "confirmation": [11, 12, 13]},
        "rate_multipliers": [0.5, 1, 2, 4],
        "schedules": [
            schedule_data("today", role="baseline"),
            *(schedule_data(name) for name in CANDIDATES),
        ],
    }


def test_a_pilot_without_a_sweep_goes_from_its_probe_to_done(api: Api) -> None:
    pilot = api.create(a_pilot())
    assert pilot.phase == "probing"
    api.worker().work_until_idle()
    done = api.pilot(pilot.id)
    assert (done.phase, done.looks_used) == ("done", 1)
    assert done.throughput == planted_curve()
    assert done.selected == {"today": 1.0, "growing batch": 1.0}
    assert done.run_counts == {"succeeded": 1 + 2 * 2}


def test_the_sweep_freezes_the_planted_best_rate_and_the_two_fastest_candidates(api: Api) -> None:
    pilot = api.create(a_pilot(**a_sweep()), throughput=planted_curve())
    assert pilot.run_counts == {"queued": 4 * 4 * 2}
    api.worker(best_at_two).work_until_idle()
    done = api.pilot(pilot.id)
    assert done.selected == dict.fromkeys(HALF_LIVES, 2.0)
    assert done.finalists == ("fast", "middling")
    assert done.run_counts == {"succeeded": 4 * 4 * 2 + 3 * 3}
    confirmed = {run.run.schedule for run in api.runs(pilot.id) if run.run.seed > 10}
    assert confirmed == {"today", "fast", "middling"}


def test_the_confirmation_waits_for_the_last_run_of_the_selection(api: Api) -> None:
    pilot = api.create(a_pilot(**a_sweep()), throughput=planted_curve())
    worker = api.worker(best_at_two)
    for done in range(32):
        assert api.pilot(pilot.id).run_counts.get("succeeded", 0) == done
        assert api.pilot(pilot.id).phase == "selection"
        claim = worker.claim()
        assert claim is not None
        worker.train(claim.runs[0])
    assert api.pilot(pilot.id).phase == "confirmation"


def test_records_hold_every_evaluation_of_every_run(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    api.worker().work_until_idle()
    answer = api.get(f"/api/pilots/{pilot.id}/records").raise_for_status()
    records = decode(tuple[RunRecord, ...], answer.json())
    assert [record.run.seed for record in records] == [11, 11, 12, 12]
    steps_an_epoch = 34  # ceil(1078 / 32)
    assert [m.step for m in records[0].measurements] == [steps_an_epoch * e for e in range(5)]
    loss_at_half_time = records[0].measurements[2].metrics["validation_loss"]
    assert loss_at_half_time == pytest.approx(2.302585 * 0.5 ** (0.5 / 0.2), rel=1e-6)
    (attempt,) = records[0].attempts
    assert (attempt.from_step, attempt.to_step, attempt.evaluations) == (0, 136, 5)


def test_a_probe_without_a_curve_is_no_success(api: Api) -> None:
    api.create(a_pilot())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    end = Finish(outcome="succeeded", step=0, wall_clock_s=1.0, final_metrics={})
    answer = worker.write(claim.runs[0], "finish", end)
    assert problem(answer) == (409, "throughput_missing", None)


def test_a_curve_of_another_workload_is_refused(api: Api) -> None:
    body = {"pilot": pilot_data(), "throughput": encode(planted_curve(workload="mnist1d-mlp"))}
    answer = api.post("/api/pilots", body, **{"Idempotency-Key": "a"})
    assert problem(answer) == (422, "throughput_of_other_workload", "throughput.workload")
