import threading
from http import HTTPStatus
from itertools import pairwise

import pytest

from paybatch import Blocked, Paybatch, Refused
from planner.exchange.states import PilotState
from planner.money import Money
from planner.projections.transfer import StageSamples
from planner.projections.what_if_request import HardwareOption, WhatIfRequest
from tests.support.gated_pilots import priced_pilot
from tests.support.installation import a_pilot, pilot_data
from tests.support.planted_worker import PlantedWorker, planted_curve


def test_a_plan_says_before_the_start_what_a_pilot_will_cost(paybatch: Paybatch) -> None:
    facts = paybatch.plan(
        a_pilot(name="Only planned"), pilot_rate_per_device_h=Money(amount=2.0, currency="USD")
    )
    assert (facts.run_counts.selection, facts.run_counts.confirmation) == (0, 4)
    assert [plan.schedule for plan in facts.schedules] == ["today", "growing batch"]
    assert paybatch.pilots(search="Only planned") == ()


def test_a_pilot_is_what_its_file_holds(paybatch: Paybatch) -> None:
    state = paybatch.start(pilot_data(name="From a file"))
    assert state.pilot == a_pilot(name="From a file")
    assert [one.id for one in paybatch.pilots(search="from a")] == [state.id]


def test_what_is_wrong_with_a_pilot_is_told_by_field_and_code(paybatch: Paybatch) -> None:
    with pytest.raises(Refused) as caught:
        paybatch.start(pilot_data(seeds={"confirmation": [11, -1]}))
    refused = caught.value
    assert (refused.status, refused.title) == (422, HTTPStatus(422).phrase)
    assert (refused.field, refused.code) == ("pilot.seeds.confirmation[1]", "seed_out_of_range")
    assert str(refused).startswith(f"{refused.title}: {refused.field}: {refused.code} (")


def test_a_wait_tells_of_every_change_and_ends_with_the_pilot(
    paybatch: Paybatch, worker: PlantedWorker
) -> None:
    told: list[PilotState] = []
    pilot = paybatch.start(priced_pilot(), throughput=planted_curve())
    training = threading.Thread(target=worker.work_until_idle)
    training.start()
    state = paybatch.wait(pilot.id, told=told.append)
    training.join()
    assert state.phase == "done"
    assert told[-1] == state
    assert all(before != after for before, after in pairwise(told))


def test_a_wait_has_an_end(paybatch: Paybatch) -> None:
    pilot = paybatch.start(a_pilot(), throughput=planted_curve())
    with pytest.raises(TimeoutError, match=r"is not done after 0.1 s"):
        paybatch.wait(pilot.id, timeout_s=0.1)


def test_a_wait_for_what_waits_for_a_person_says_so(
    paybatch: Paybatch, worker: PlantedWorker
) -> None:
    pilot = paybatch.start(a_pilot(), throughput=planted_curve())
    while (claim := worker.claim()) is not None:
        worker.start(claim.runs[0], from_step=0)
        worker.finish(claim.runs[0], step=1, outcome="failed", reason="out_of_memory")
    with pytest.raises(Blocked, match=f"pilot {pilot.id} waits for somebody: a run failed"):
        paybatch.wait(pilot.id)


def test_runs_are_ordered_about_one_by_one(paybatch: Paybatch) -> None:
    pilot = paybatch.start(a_pilot(), throughput=planted_curve())
    first, *_ = paybatch.runs(pilot.id)
    assert paybatch.pause(first.id, reason="lunch").status == "paused"
    assert [run.id for run in paybatch.runs(pilot.id, status="paused")] == [first.id]
    assert paybatch.resume(first.id).status == "queued"
    with pytest.raises(Refused, match="transition_refused"):
        paybatch.retry(first.id)
    assert paybatch.cancel_pilot(pilot.id, reason="enough").phase == "cancelled"


def test_other_hardware_is_projected(paybatch: Paybatch) -> None:
    request = WhatIfRequest(
        hardware=(HardwareOption(name="ours", throughput=planted_curve()),),
        stages=(StageSamples(batch_size=32, samples=1e6),),
        device_counts=(1,),
    )
    assert [one.name for one in paybatch.what_if(request).hardware] == ["ours"]
