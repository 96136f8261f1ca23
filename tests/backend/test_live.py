"""The live page's one answer: what runs, what waits, when it ends, what it spent, what happened."""

import pytest

from backend.threads.reaper import sweep
from backend.wire.codec import decode
from planner.exchange.page_states import LiveRun, LiveView
from planner.exchange.work import ClaimedRun
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import PlantedWorker, chunks_of, planted_curve, table_of


def view(api: Api, pilot_id: str, **query: object) -> LiveView:
    return decode(LiveView, api.get(f"/api/pilots/{pilot_id}/live", **query).json())


def start(worker: PlantedWorker) -> ClaimedRun:
    claim = worker.claim()
    assert claim is not None
    (run,) = claim.runs
    worker.start(run, from_step=0)
    return run


def train(worker: PlantedWorker, run: ClaimedRun) -> None:
    table = table_of(run)
    for chunk in chunks_of(run, table, worker.plant):
        worker.write(run, "series", chunk).raise_for_status()
    worker.finish(run, step=table.steps)


def card(live: LiveView, run_id: str) -> LiveRun:
    return next(run for run in live.runs if run.run.id == run_id)


def kinds(live: LiveView) -> list[str]:
    return [event.kind for event in live.events]


def test_a_pilot_that_is_not_there_has_no_live_view(api: Api) -> None:
    assert problem(api.get("/api/pilots/none/live")) == (404, "pilot_not_found", None)


def test_a_queue_without_a_worker_expects_nothing(api: Api) -> None:
    live = view(api, api.create(a_pilot(), throughput=planted_curve()).id)
    assert {(r.run.status, r.expected_start_s, r.expected_finish_s) for r in live.runs} == {
        ("queued", None, None)
    }
    assert live.expected_finish_s is None
    assert live.workers == ()


def test_each_waiting_run_starts_when_the_one_before_it_ends(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    api.worker()
    live = view(api, pilot.id)
    starts = [run.expected_start_s for run in live.runs]
    ends = [run.expected_finish_s for run in live.runs]
    assert starts == [0.0, *ends[:-1]]
    today_s = 4 * (33 * (1e-3 + 32 / 1e5) + 1e-3 + 22 / 1e5) + 5 * 0.01
    assert ends[0] == pytest.approx(today_s, rel=1e-3)
    assert live.expected_finish_s == ends[-1]


def test_two_workers_take_two_runs_at_once(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    api.worker()
    api.worker(name="second")
    assert [run.expected_start_s for run in view(api, pilot.id).runs[:2]] == [0.0, 0.0]


def test_a_run_with_a_higher_priority_is_expected_first(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    api.worker()
    last = api.runs(pilot.id)[-1]
    api.post(f"/api/runs/{last.id}:prioritise", {"priority": 5}).raise_for_status()
    live = view(api, pilot.id)
    assert card(live, last.id).expected_start_s == 0.0
    assert live.events[0].kind == "run_prioritised"
    assert live.events[0].params["by"] == "owner"


def test_what_is_expected_follows_what_runs_really_took(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    first, second = view(api, pilot.id).runs[:2]
    assert first.expected_finish_s is not None
    assert second.expected_finish_s is not None
    composed_s = second.expected_finish_s - first.expected_finish_s
    run = start(worker)
    api.clock.pass_s(30 * first.expected_finish_s)
    train(worker, run)
    after = card(view(api, pilot.id), second.run.id)
    assert after.expected_finish_s == pytest.approx(30 * composed_s)


def test_a_running_run_shows_its_progress_stage_and_curves(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    train(worker, start(worker))
    run = start(worker)  # "growing batch": 2 epochs of 34 steps at 32, 2 of 17 at 64
    table = table_of(run)
    for chunk in chunks_of(run, table, worker.plant):
        worker.write(run, "series", chunk).raise_for_status()
    live = card(view(api, pilot.id), run.run_id)
    assert table.steps == 2 * 34 + 2 * 17
    assert (live.stage, live.stages, live.batch_size) == (2, 2, 64)
    assert live.progress_fraction == 1.0
    assert live.evaluations.steps == (0, 34, 68, 85, 102)
    assert live.last_metric == live.evaluations.values[-1]
    assert (live.loss.steps[0], live.loss.steps[-1]) == (1, 102)
    assert len(live.loss.steps) <= 60


def test_a_probe_has_neither_stage_nor_expected_finish(api: Api) -> None:
    pilot = api.create(a_pilot())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    (live,) = view(api, pilot.id).runs
    assert (live.stage, live.expected_finish_s, live.progress_fraction) == (None, None, 0.0)
    worker.train(claim.runs[0])
    after = view(api, pilot.id)
    assert after.runs[0].progress_fraction == 1.0
    assert sorted(kinds(after)) == ["pilot_created", "probe_started", "probe_succeeded"]


def test_only_the_last_runs_carry_curves_and_the_one_that_is_looked_at(api: Api) -> None:
    pilot = api.create(
        a_pilot(seeds={"confirmation": [11, 12, 13, 14]}), throughput=planted_curve()
    )
    worker = api.worker()
    for _ in range(7):
        api.clock.pass_s(1)
        train(worker, start(worker))
    live = view(api, pilot.id)
    assert [bool(run.loss.steps) for run in live.runs] == [False] * 4 + [True] * 3 + [False]
    first = live.runs[0].run.id
    assert card(view(api, pilot.id, run_id=first), first).evaluations.steps == (
        0,
        34,
        68,
        102,
        136,
    )


def test_every_run_carries_its_curves_once_nothing_runs_or_waits(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    for _ in range(4):
        api.clock.pass_s(1)
        train(worker, start(worker))
    live = view(api, pilot.id)
    assert [bool(run.loss.steps) for run in live.runs] == [True] * 4
    assert [run.last_metric is None for run in live.runs] == [False] * 4


def test_spending_adds_up_and_is_priced_where_the_pilot_says_how(api: Api) -> None:
    rent = {"amount": 2.0, "currency": "USD"}
    hardware = {"profile": "this-computer", "rent_per_gpu_hour": rent}
    caps = {"pilot_device_h": 5}
    pilot = api.create(a_pilot(hardware=hardware, caps=caps), throughput=planted_curve())
    worker = api.worker()
    worker.finish(start(worker), step=5, outcome="diverged", wall_clock_s=1800)
    run = start(worker)
    api.clock.pass_s(900)
    live = view(api, pilot.id)
    assert card(live, run.run_id).spent_device_h == pytest.approx(0.25)
    assert live.spent_device_h == pytest.approx(0.75)
    assert live.spent is not None
    assert live.spent.amount == pytest.approx(0.75 * 2.0)
    assert live.cap_device_h == 5


def test_the_price_of_other_hardware_is_not_the_price_of_this_device(api: Api) -> None:
    hardware = {"profile": "h100-sxm-runpod-secure", "device_count": 1}
    pilot = api.create(a_pilot(hardware=hardware), throughput=planted_curve())
    assert view(api, pilot.id).spent is None


def test_the_log_tells_who_asked_for_what_and_why(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    api.clock.pass_s(1)
    run = start(worker)
    api.clock.pass_s(1)
    reason = {"reason": "the fan is loud"}
    api.post(f"/api/runs/{run.run_id}:pause", reason).raise_for_status()
    api.clock.pass_s(1)
    worker.finish(run, step=7, outcome="paused")
    live = view(api, pilot.id)
    assert kinds(live) == ["run_paused", "pause_asked", "run_started", "pilot_created"]
    asked = live.events[1]
    assert (asked.run_id, asked.params["by"], asked.params["reason"]) == (
        run.run_id,
        "owner",
        "the fan is loud",
    )
    assert (asked.params["schedule"], asked.params["seed"]) == ("today", 11)
    assert live.events[0].params["step"] == 7


def test_a_lost_worker_is_told(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    start(api.worker())
    api.clock.pass_s(16)
    sweep(api.installation)
    assert kinds(view(api, pilot.id))[0] == "run_lost"


def test_a_long_log_is_cut_at_its_newest_end(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    run = api.runs(pilot.id)[0]
    for priority in range(60):
        api.clock.pass_s(1)
        api.post(f"/api/runs/{run.id}:prioritise", {"priority": priority}).raise_for_status()
    live = view(api, pilot.id)
    assert len(live.events) == 50
    assert live.events[0].at == api.clock.at
