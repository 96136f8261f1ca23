"""Throughput as an asset: measured once, used again while it holds, measured anew on request."""

import dataclasses
from typing import Any

import pytest
from sqlalchemy import select

from backend.tables import AuditRow
from planner.exchange.work import Device
from tests.backend.access.test_security import token_of
from tests.support.installation import Api, a_pilot, pilot_data, problem
from tests.support.planted_worker import DEVICE, PlantedWorker, planted_curve, post

ELSEWHERE = Device(kind="cuda", name="another device", memory_bytes=2**34)


def measured(api: Api, *, key: str = "first", **how: Any) -> PlantedWorker:
    """A pilot that measures the throughput of a new worker's device, and nothing is left of it."""
    worker = api.worker(**how)
    pilot = api.create(a_pilot(), key=key)
    worker.work_until_idle()
    assert api.pilot(pilot.id).phase == "done"
    return worker


def on(device: Device, **changes: Any) -> dict[str, Any]:
    """A worker on a device, and the curve that it measures there."""
    curve = dataclasses.replace(planted_curve(), device=device.name, **changes)
    return {"device": device, "curve": curve, "versions": curve.versions}


def curves(api: Api, **query: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (
        api.get("/api/throughput", **query).raise_for_status().json()["items"]
    )
    return items


def needs_probe(api: Api, key: str, **request: object) -> bool:
    """Whether a pilot that is started now measures its own curve."""
    body = {"pilot": pilot_data()} | request
    probes = api.post("/api/plans:compute", body).raise_for_status().json()["run_counts"]["probe"]
    pilot = api.post("/api/pilots", body, **{"Idempotency-Key": key}).raise_for_status().json()
    assert (pilot["phase"] == "probing") == bool(probes)
    api.post(f"/api/pilots/{pilot['id']}:cancel", {"reason": ""}).raise_for_status()
    return bool(probes)


def test_a_measured_curve_is_kept_with_what_it_depends_on(api: Api) -> None:
    measured(api)
    api.clock.pass_s(90)
    (curve,) = curves(api)
    assert (curve["workload"], curve["device"]) == ("digits-mlp", "planted device")
    assert (curve["dtype"], curve["versions"]) == ("float32", "planted 1")
    assert (curve["points"], curve["largest_batch_size"]) == (8, 1024)
    assert (curve["age_s"], curve["retired_at"]) == (90.0, None)


def test_a_curve_is_used_while_its_device_is_there(api: Api) -> None:
    worker = measured(api)
    assert curves(api)[0]["in_use"]
    assert not needs_probe(api, "second")
    api.clock.pass_s(31)
    assert needs_probe(api, "third")
    assert not curves(api)[0]["in_use"]
    worker.claim()
    assert not needs_probe(api, "fourth")


def test_a_worker_with_other_versions_makes_it_measured_anew(api: Api) -> None:
    measured(api)
    api.worker(name="upgraded", **on(DEVICE, versions="planted 2"))
    assert needs_probe(api, "second")


def test_a_worker_on_another_device_changes_nothing(api: Api) -> None:
    measured(api)
    api.worker(name="other", **on(ELSEWHERE, versions="planted 2"))
    assert not needs_probe(api, "second")


def test_the_newest_curve_of_a_device_that_is_there_is_used(api: Api) -> None:
    measured(api)
    api.clock.pass_s(31)
    measured(api, key="second", name="other", **on(ELSEWHERE))
    newest, oldest = curves(api)
    assert (newest["device"], newest["in_use"]) == ("another device", True)
    assert (oldest["device"], oldest["in_use"]) == ("planted device", False)
    pilot = api.create(a_pilot(), key="third")
    assert pilot.measured_on == "another device"


def test_a_retired_curve_is_measured_anew_and_stays_to_be_seen(api: Api) -> None:
    measured(api)
    (curve,) = curves(api)
    retired = api.post(f"/api/throughput/{curve['number']}:retire", {}).raise_for_status().json()
    assert retired["retired_at"] is not None
    assert not retired["in_use"]
    assert needs_probe(api, "second")
    pilot = api.create(a_pilot(), key="third")
    api.worker().work_until_idle()
    assert api.pilot(pilot.id).throughput == planted_curve()
    assert [found["retired_at"] is None for found in curves(api)] == [True, False]
    assert not needs_probe(api, "fourth")


def test_retiring_a_curve_retires_those_before_it_on_its_device(api: Api) -> None:
    measured(api)
    assert needs_probe(api, "again", measure_again=True)
    worker = api.worker()
    pilot = api.post(
        "/api/pilots",
        {"pilot": pilot_data(), "measure_again": True},
        **{"Idempotency-Key": "second"},
    ).json()
    worker.work_until_idle()
    assert api.pilot(pilot["id"]).phase == "done"
    first, second = sorted(found["number"] for found in curves(api))
    api.post(f"/api/throughput/{first}:retire", {}).raise_for_status()
    assert not needs_probe(api, "third")
    api.post(f"/api/throughput/{second}:retire", {}).raise_for_status()
    assert needs_probe(api, "fourth")


def test_asked_again_nothing_changes(api: Api) -> None:
    measured(api)
    first = api.post("/api/throughput/1:retire", {}).json()["retired_at"]
    api.clock.pass_s(5)
    assert api.post("/api/throughput/1:retire", {}).json()["retired_at"] == first
    with api.installation.database.read() as session:
        retired = select(AuditRow).where(AuditRow.action == "throughput.retire")
        (row,) = session.scalars(retired)
        assert (row.principal, row.subject_id, row.after) == ("owner", "1", {"retired": [1]})


def test_a_viewer_may_look_and_not_ask_for_another_measurement(api: Api) -> None:
    measured(api)
    viewer = token_of(api, "viewer")
    answer = post(api.http, "/api/throughput/1:retire", {}, viewer)
    assert problem(answer) == (403, "not_allowed", None)
    headers = {"Authorization": f"Bearer {viewer}"}
    assert api.http.get("/api/throughput/1", headers=headers).status_code == 200


def test_a_plan_says_which_curve_it_is_composed_with_and_how_old_it_is(api: Api) -> None:
    body = {"pilot": pilot_data()}
    assert api.post("/api/plans:compute", body).json()["curve"] is None
    measured(api)
    api.clock.pass_s(20)
    used = {
        "number": 1,
        "device": "planted device",
        "versions": "planted 1",
        "age_s": 20.0,
        "reused": True,
    }
    assert api.post("/api/plans:compute", body).json()["curve"] == used
    again = api.post("/api/plans:compute", body | {"measure_again": True}).json()
    assert again["curve"] == used | {"reused": False}
    assert again["run_counts"]["probe"] == 1


def test_a_curve_comes_with_its_fit_and_a_chart(api: Api) -> None:
    measured(api)
    facts = api.get("/api/throughput/1").raise_for_status().json()
    assert facts["fit"]["overhead_s"] == pytest.approx(1e-3)
    assert facts["half_saturation_batch_size"] == pytest.approx(100)
    assert facts["chart"]["key"] == "throughput"
    assert facts["state"]["number"] == facts["compared_with"] or facts["compared_with"] is None


def test_a_curve_is_compared_with_another(api: Api) -> None:
    measured(api)
    api.clock.pass_s(31)
    measured(api, key="second", name="other", **on(ELSEWHERE))
    facts = api.get("/api/throughput/2", compared_with=1).raise_for_status().json()
    assert facts["compared_with"] == 1
    assert len(facts["chart"]["series"]) == 4
    assert problem(api.get("/api/throughput/2", compared_with=9)) == (404, "curve_not_found", None)


def test_curves_are_listed_by_workload_and_device_in_pages(api: Api) -> None:
    measured(api)
    api.clock.pass_s(31)
    measured(api, key="second", name="other", **on(ELSEWHERE))
    assert [found["number"] for found in curves(api, device="planted device")] == [1]
    assert curves(api, workload="none") == []
    page = api.get("/api/throughput", page=2, page_size=1).json()
    assert ([found["number"] for found in page["items"]], page["total"]) == ([1], 2)


def test_a_curve_in_another_number_format_is_not_used(api: Api) -> None:
    measured(api)
    half = {"pilot": pilot_data(precision="bfloat16")}
    assert api.post("/api/plans:compute", half).json()["run_counts"]["probe"] == 1
