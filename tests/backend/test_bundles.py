"""Bundles: runs that one worker trains together under one claim."""

import pytest

from planner.devices.throughput import ThroughputCurve
from planner.exchange.work import Claim, Device
from tests.support.bundled_pilots import TEN, batched, claimed, create
from tests.support.installation import Api, StillClock, a_pilot
from tests.support.planted_worker import planted_curve


def seeds_of(claim: Claim) -> list[int]:
    return [run.seed for run in claim.runs]


def test_a_worker_gets_the_queued_runs_of_one_schedule_as_one_bundle(api: Api) -> None:
    pilot_id = create(api)
    claim = claimed(api.worker())
    assert claim.execution == "batched"
    assert seeds_of(claim) == list(TEN)
    assert {run.schedule.name for run in claim.runs if run.schedule} == {"today"}
    shown = [run for run in api.runs(pilot_id) if run.status == "running"]
    assert [run.id for run in shown] == [run.run_id for run in claim.runs]
    assert {run.bundle_size for run in shown} == {10}


def test_every_member_has_an_attempt_and_a_credential_of_its_own(api: Api) -> None:
    create(api)
    runs = claimed(api.worker()).runs
    assert len({run.attempt_token for run in runs}) == 10
    assert {run.attempt for run in runs} == {1}


def test_a_worker_that_wants_one_run_gets_one(api: Api) -> None:
    create(api)
    claim = claimed(api.worker(), maximum_runs=1)
    assert (seeds_of(claim), claim.execution) == ([11], "sequential")
    assert api.run(claim.runs[0].run_id).bundle_size == 1


def test_a_bundle_is_no_larger_than_what_its_worker_asked_for(api: Api) -> None:
    create(api)
    worker = api.worker()
    assert seeds_of(claimed(worker, maximum_runs=4)) == [11, 12, 13, 14]


def test_a_bundle_is_no_larger_than_what_pays(api: Api) -> None:
    create(api, batched(3))
    assert seeds_of(claimed(api.worker())) == [11, 12, 13]


@pytest.mark.parametrize("curve", [planted_curve(), batched(speed_up=1.0)])
def test_where_no_bundle_was_measured_to_pay_runs_are_claimed_one_by_one(
    api: Api, curve: ThroughputCurve
) -> None:
    create(api, curve)
    assert seeds_of(claimed(api.worker())) == [11]


def test_too_few_runs_for_a_bundle_to_pay_are_claimed_one_by_one(api: Api) -> None:
    create(api, seeds={"confirmation": [11, 12]})
    assert seeds_of(claimed(api.worker())) == [11]


def test_a_probe_is_never_part_of_a_bundle(api: Api) -> None:
    api.create(a_pilot())
    api.create(a_pilot(name="another"), key="another")
    assert len(claimed(api.worker()).runs) == 1


def test_selection_and_confirmation_are_not_mixed_and_rate_multipliers_are(api: Api) -> None:
    create(
        api,
        seeds={"confirmation": [11, 12, 13], "selection": [1, 2]},
        rate_multipliers=[0.5, 1.0, 2.0],
    )
    claim = claimed(api.worker())
    assert [(run.rate_multiplier, run.seed) for run in claim.runs] == [
        (factor, seed) for seed in (1, 2) for factor in (0.5, 1.0, 2.0)
    ]
    assert {run.purpose for run in claim.runs} == {"selection"}


def test_two_workers_share_the_runs_of_a_schedule(api: Api) -> None:
    create(api)
    first, second = api.worker(name="first"), api.worker(name="second")
    shares = [len(claimed(worker).runs) for worker in (first, second)]
    assert shares == [10 / 2, 10 / 2]


def test_a_worker_that_was_not_heard_of_lately_keeps_no_share(api: Api, clock: StillClock) -> None:
    create(api)
    api.worker(name="gone")
    clock.pass_s(5.1)  # a third of the lease of 15 s
    assert len(claimed(api.worker()).runs) == 10


def test_only_workers_that_could_take_the_runs_count_for_the_share(api: Api) -> None:
    create(api)
    api.worker(name="elsewhere", device=Device(kind="cuda", name="other", memory_bytes=1))
    api.worker(name="other data", workloads=("mnist1d-mlp",))
    assert len(claimed(api.worker()).runs) == 10


def test_a_worker_that_leaves_small_runs_to_others_keeps_no_share_of_them(api: Api) -> None:
    create(api)
    wide = api.worker(name="wide", device_count=2)
    assert wide.claim(fewest_devices=2) is None
    assert len(claimed(api.worker()).runs) == 10


def test_a_bundle_takes_only_runs_of_the_priority_of_its_first(api: Api) -> None:
    pilot_id = create(api)
    ahead = [run for run in api.runs(pilot_id) if run.run.seed in (14, 17, 19)]
    for run in ahead:
        api.post(f"/api/runs/{run.id}:prioritise", {"priority": 5}).raise_for_status()
    urgent = create(api, name="urgent", seeds={"confirmation": [11, 12, 13]})
    for run in api.runs(urgent):
        api.post(f"/api/runs/{run.id}:prioritise", {"priority": 4}).raise_for_status()
    worker = api.worker()
    claims = iter(lambda: worker.claim(maximum_runs=16), None)
    names = [(claim.runs[0].schedule, seeds_of(claim)) for claim in claims]
    told = [(schedule.name, seeds) for schedule, seeds in names if schedule]
    rest = [seed for seed in TEN if seed not in (14, 17, 19)]
    assert told == [
        ("today", [14, 17, 19]),
        ("growing batch", [14, 17, 19]),
        ("today", [11, 12, 13]),
        ("growing batch", [11, 12, 13]),
        ("today", rest),
        ("growing batch", rest),
    ]


def test_runs_that_start_at_different_steps_are_not_trained_together(api: Api) -> None:
    create(api)
    worker = api.worker()
    first = claimed(worker)
    for run in first.runs:
        worker.start(run, from_step=0)
        if run.seed < 14:
            worker.checkpoint(run, step=34)
        worker.finish(run, step=34, outcome="released")
    again, _, fresh = claimed(worker), claimed(worker), claimed(worker)
    assert seeds_of(again) == [11, 12, 13]
    assert {run.checkpoints[0].step for run in again.runs} == {34}
    assert seeds_of(fresh) == list(TEN[3:])
    assert {run.checkpoints for run in fresh.runs} == {()}


def test_one_fenced_member_leaves_the_others_their_bundle(api: Api) -> None:
    create(api)
    worker = api.worker()
    claim = claimed(worker)
    worker.finish(claim.runs[3], step=0, outcome="released")
    assert worker.beat_all(claim) == ["continue"] * 3 + ["fenced"] + ["continue"] * 6


def test_one_cancelled_and_one_paused_member_leave_the_others_their_bundle(api: Api) -> None:
    create(api)
    worker = api.worker()
    claim = claimed(worker)
    for place, order in ((2, "cancel"), (5, "pause")):
        path = f"/api/runs/{claim.runs[place].run_id}:{order}"
        api.post(path, {"reason": ""}).raise_for_status()
    commands = worker.beat_all(claim)
    assert (commands[2], commands[5]) == ("cancel", "pause")
    assert commands.count("continue") == 8


def test_runs_trained_alone_and_together_make_the_same_pilot(api: Api) -> None:
    pilot_id = create(api, seeds={"confirmation": [11, 12, 13]})
    worker = api.worker()
    for claim in iter(lambda: worker.claim(maximum_runs=16), None):
        for run in claim.runs:
            worker.train(run)
    assert api.pilot(pilot_id).phase == "done"
    records = api.get(f"/api/pilots/{pilot_id}/records").json()
    assert [record["attempts"][0]["bundle_size"] for record in records] == [3] * 6
