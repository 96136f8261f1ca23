"""What-ifs over the API: ids become curves, fabrics and prices; nothing is stored."""

import copy
from typing import Any

import pytest

from backend.wire.codec import decode
from planner.devices.fabric import Fabric, all_reduce_s
from planner.projections.what_if_values import WhatIf
from tests.support.installation import Api, problem

REQUEST: dict[str, Any] = {
    "hardware": [
        {
            "name": "H100",
            "typed_points": [
                {"batch_size": 64, "step_time_s": 0.00264},
                {"batch_size": 512, "step_time_s": 0.00712},
            ],
            "fabric_id": "nvlink4-h100",
            "price_id": "h100-sxm-runpod-secure",
        },
        {"name": "B200"},
    ],
    "stages": [
        {"batch_size": 512, "samples": 512e6},
        {"batch_size": 4096, "samples": 2048e6},
    ],
    "payload_bytes": 102e6,
    "device_use": "elastic",
    "restart_s": 60,
    "today": {"hardware": "H100", "device_count": 8},
    "assumptions": {"trainings_per_month": 20, "cost_of_delay_per_day": 500},
}


def changed(**changes: object) -> dict[str, Any]:
    request = copy.deepcopy(REQUEST)
    request["hardware"][0].update(changes)
    return request


def test_a_what_if_is_answered_with_where_its_numbers_come_from(api: Api) -> None:
    answer = decode(WhatIf, api.post("/api/projections:compute", REQUEST).json())
    h100, b200 = answer.hardware
    assert {one.quantity: one.origin for one in h100.sources} == {
        "throughput": "typed",
        "fabric": "measured",
        "price": "price_book",
    }
    assert "2026-11-09" in h100.sources[2].source
    assert answer.today is not None
    assert answer.today.cost is not None
    assert answer.today.cost.amount == pytest.approx(3.99 * answer.today.device_h)
    assert h100.best_worth is not None
    assert b200.unavailable == "throughput_unknown"


def test_the_fabrics_are_the_measured_ones_with_their_source(api: Api) -> None:
    found = {one.id: one for one in decode(tuple[Fabric, ...], api.get("/api/fabrics").json())}
    assert set(found) == {
        *("nvlink3-a100", "nvlink4-h100", "nvlink4-h200", "nvlink5-b200"),
        "efa-8x400g-b200",
    }
    assert all(one.source and one.measured and not one.latency_s for one in found.values())
    assert found["nvlink3-a100"].bus_bytes_per_s == 235e9
    assert sum(len(one.measured) for one in found.values()) == 19


def test_small_payloads_reach_two_to_six_times_less_than_the_headline(api: Api) -> None:
    found = {one.id: one for one in decode(tuple[Fabric, ...], api.get("/api/fabrics").json())}
    for name, devices in (("nvlink5-b200", 8), ("efa-8x400g-b200", 32)):
        fabric = found[name]
        for mib in (16, 64):
            payload = mib * 2**20
            seconds = all_reduce_s(fabric, payload_bytes=payload, device_count=devices)
            reached = 2 * (devices - 1) / devices * payload / seconds
            assert 1.8 < fabric.bus_bytes_per_s / reached < 6


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        (changed(fabric_id="string"), "hardware[0].fabric_id", "fabric_unknown"),
        (changed(price_id="gold"), "hardware[0].price_id", "price_unknown"),
        (
            changed(typed_points=[], curve_number=7),
            "hardware[0].curve_number",
            "curve_not_found",
        ),
        (
            changed(typed_points=[{"batch_size": 1, "step_time_s": 1}]),
            "hardware[0].typed_points",
            "typed_points_not_two",
        ),
        ({**REQUEST, "stages": []}, "stages", "empty"),
        ({**REQUEST, "device_counts": [4, 2]}, "device_counts", "not_rising"),
        ({**REQUEST, "colour": "red"}, "colour", "unknown_field"),
    ],
)
def test_a_what_if_without_sense_is_refused_at_its_field(
    api: Api, request_: dict[str, Any], field: str, code: str
) -> None:
    answer = api.post("/api/projections:compute", request_)
    assert problem(answer) == (422, code, field)
