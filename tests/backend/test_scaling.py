"""What a probe measured on several devices: stored fenced, listed, and taken into projections."""

import dataclasses
from typing import Any

import pytest

from backend.wire.codec import decode, encode
from planner.devices.scaling import ScalingCurve, curve_on
from planner.exchange.work import ClaimedRun
from planner.projections.scaling_facts import ScalingFacts
from planner.projections.what_if_values import WhatIf
from tests.planner.devices.scaled import a_scaling
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import DEVICE, PlantedWorker

MEASURED = dataclasses.replace(a_scaling(), device=DEVICE.name, versions="planted 1")


def a_probe(api: Api, *, key: str = "first") -> tuple[PlantedWorker, ClaimedRun]:
    worker = api.worker(name=key)
    api.create(a_pilot(), key=key)
    claim = worker.claim()
    assert claim is not None
    return worker, claim.runs[0]


def measured(api: Api) -> None:
    worker, run = a_probe(api)
    worker.write(run, "scaling", MEASURED).raise_for_status()


def listed(api: Api, **query: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (
        api.get("/api/scaling", **query).raise_for_status().json()["items"]
    )
    return items


def test_what_a_probe_measured_on_two_devices_is_kept_with_what_it_depends_on(api: Api) -> None:
    measured(api)
    api.clock.pass_s(90)
    (kept,) = listed(api)
    assert (kept["workload"], kept["device"]) == ("digits-mlp", "planted device")
    assert (kept["device_counts"], kept["newest"], kept["age_s"]) == ([1, 2], True, 90.0)
    assert listed(api, workload="other") == []


def test_a_kept_measurement_is_told_with_efficiency_and_communication(api: Api) -> None:
    measured(api)
    facts = decode(ScalingFacts, api.get("/api/scaling/1").raise_for_status().json())
    assert facts.scaling == MEASURED
    assert facts.rows[-1].communication_fraction == pytest.approx(2.0 / 5.0)
    assert facts.rows[-1].strong_efficiency_fraction == pytest.approx(0.5)


def test_a_probe_that_says_it_twice_keeps_the_second(api: Api) -> None:
    worker, run = a_probe(api)
    worker.write(run, "scaling", MEASURED).raise_for_status()
    again = dataclasses.replace(MEASURED, payload_bytes=8_000_000)
    worker.write(run, "scaling", again).raise_for_status()
    (kept,) = listed(api)
    facts = decode(ScalingFacts, api.get(f"/api/scaling/{kept['number']}").json())
    assert facts.scaling.payload_bytes == 8_000_000


def test_only_the_newest_of_a_device_is_marked_so(api: Api) -> None:
    measured(api)
    pilot = {"pilot": encode(a_pilot()), "measure_again": True}
    api.post("/api/pilots", pilot, **{"Idempotency-Key": "again"}).raise_for_status()
    worker = api.worker(name="second")
    claim = worker.claim()
    assert claim is not None
    worker.write(claim.runs[0], "scaling", MEASURED).raise_for_status()
    assert [kept["newest"] for kept in listed(api)] == [True, False]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"workload": "other"}, "workload", "throughput_of_other_workload"),
        ({"device": "other"}, "device", "throughput_of_other_device"),
        ({"dtype": "bfloat16"}, "dtype", "throughput_of_other_dtype"),
    ],
)
def test_a_measurement_of_something_else_is_refused_at_its_field(
    api: Api, changes: dict[str, Any], field: str, code: str
) -> None:
    worker, run = a_probe(api)
    refused = worker.write(run, "scaling", dataclasses.replace(MEASURED, **changes))
    assert problem(refused) == (422, code, field)


def test_a_run_that_is_no_probe_measures_nothing(api: Api) -> None:
    worker = api.worker()
    api.create(a_pilot(), throughput=worker.curve, key="known")
    claim = worker.claim()
    assert claim is not None
    refused = worker.write(claim.runs[0], "scaling", MEASURED)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_probe")


def test_a_number_that_was_never_given_is_not_found(api: Api) -> None:
    refused = api.get("/api/scaling/7")
    assert (refused.status_code, refused.json()["code"]) == (404, "scaling_not_found")


def what_if(**hardware: object) -> dict[str, Any]:
    curve: ScalingCurve = MEASURED
    return {
        "hardware": [{"name": "here", "throughput": encode(curve_on(curve, 1)), **hardware}],
        "stages": [{"batch_size": 400, "samples": 400e6}],
        "device_counts": [1, 2],
    }


def test_a_projection_takes_the_connection_as_it_was_measured_here(api: Api) -> None:
    measured(api)
    asked = what_if(scaling_number=1, connected_as_measured=True)
    answer = decode(WhatIf, api.post("/api/projections:compute", asked).raise_for_status().json())
    (here,) = answer.hardware
    projected, told = here.same_devices[1], here.measured[1]
    assert projected.training_h == pytest.approx(1e6 * (3.0 + 2.0) / 1000 / 3600)
    assert told.training_h == pytest.approx(1e6 * 5.0 / 1000 / 3600)


def test_a_projection_from_a_measurement_that_is_not_there_is_refused_at_its_field(
    api: Api,
) -> None:
    refused = api.post("/api/projections:compute", what_if(scaling_number=7))
    assert problem(refused) == (422, "scaling_not_found", "hardware[0].scaling_number")
