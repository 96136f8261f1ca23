"""The queue: who gets which run."""

from planner.exchange.work import Device
from tests.support.installation import Api, StillClock, a_pilot
from tests.support.planted_worker import (
    planted_curve,
)

OTHER_DEVICE = Device(kind="cuda", name="another device", memory_bytes=2**30)


def test_a_claimed_run_carries_everything_its_trainer_needs(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    claim = api.worker().claim()
    assert claim is not None
    (run,) = claim.runs
    assert (run.purpose, run.seed, run.attempt) == ("confirmation", 11, 1)
    assert run.schedule == pilot.pilot.schedules[0]
    assert run.micro_batch_plan == pilot.micro_batch_plan
    assert api.run(run.run_id).status == "running"
    assert api.run(run.run_id).worker == "planted"


def test_nothing_queued_is_an_empty_answer(api: Api) -> None:
    assert api.worker().claim() is None


def test_equal_priorities_are_claimed_by_age_and_then_in_the_pilot_s_order(
    api: Api, clock: StillClock
) -> None:
    first = api.create(a_pilot(), throughput=planted_curve())
    clock.pass_s(1)
    second = api.create(a_pilot(name="later"), throughput=planted_curve(), key="second")
    waiting = [*api.runs(first.id), *api.runs(second.id)]
    worker = api.worker()
    claims = [worker.claim() for _ in waiting]
    assert [claim.runs[0].run_id for claim in claims if claim] == [run.id for run in waiting]


def test_a_higher_priority_is_claimed_before_an_older_run(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    last = api.runs(pilot.id)[-1]
    assert last.queue_position == 4
    api.post(f"/api/runs/{last.id}:prioritise", {"priority": 5}).raise_for_status()
    assert api.run(last.id).queue_position == 1
    claim = api.worker().claim()
    assert claim is not None
    assert claim.runs[0].run_id == last.id


def test_tokens_rise_with_every_claim_of_any_run(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    tokens = [claim.token for _ in range(4) if (claim := worker.claim())]
    assert tokens == sorted(set(tokens))
    assert len(tokens) == 4


def test_all_runs_of_a_pilot_stay_on_the_device_of_its_first_claim(api: Api) -> None:
    pilot = api.create(a_pilot())
    worker = api.worker()
    probe = worker.claim()
    assert probe is not None
    assert api.pilot(pilot.id).measured_on == "planted device"
    worker.train(probe.runs[0])
    assert api.pilot(pilot.id).run_counts == {"succeeded": 1, "queued": 4}
    assert api.worker(device=OTHER_DEVICE).claim() is None


def test_a_worker_gets_no_run_of_a_workload_it_does_not_know(api: Api) -> None:
    api.create(a_pilot())
    assert api.worker(workloads=("something else",)).claim() is None


def test_a_given_curve_pins_the_pilot_to_its_device_and_skips_the_probe(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    assert (pilot.phase, pilot.measured_on) == ("confirmation", "planted device")
    assert {run.run.purpose for run in api.runs(pilot.id)} == {"confirmation"}
    assert api.worker(device=OTHER_DEVICE).claim() is None


def test_a_stored_curve_of_a_worker_that_is_there_makes_a_second_probe_needless(api: Api) -> None:
    api.create(a_pilot())
    api.worker().work_until_idle()
    again = api.create(a_pilot(name="again"), key="again")
    assert (again.phase, again.throughput) == ("confirmation", planted_curve())
