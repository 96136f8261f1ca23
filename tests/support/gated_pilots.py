"""Pilots that are decided on: priced, planted, driven through their gates over the API."""

import json
from typing import Any

from backend.wire.canonical import sha256_of
from planner.pilots.pilot import Pilot
from planner.schedules.schedule import Schedule
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import falling_loss, planted_curve

PRODUCTION = {
    "training_h": 12,
    "device_count": 8,
    "batch_size": 256,
    "half_saturation_batch_size_per_device": 64,
    "maximum_batch_size_per_device": 1024,
}


def priced_pilot(**changes: object) -> Pilot:
    """Three seeds of two schedules that stand for a training of 12 hours on 8 devices."""
    price = {"amount": 2.0, "currency": "USD"}
    stated: dict[str, object] = {
        "seeds": {"confirmation": [11, 12, 13]},
        "production": PRODUCTION,
        "hardware": {"device_count": 8, "rent_per_gpu_hour": price},
        "assumptions": {"trainings_per_month": 20},
    }
    return a_pilot(**stated | changes)


def plant(schedule: Schedule, _: float, seed: int) -> Any:
    """The candidate's loss falls in half the time."""
    half_life = 0.1 if schedule.role == "candidate" else 0.2
    return falling_loss(half_life * (1 + 0.01 * (seed - 12)))


CRITERIA = {
    "criteria": [
        {"key": "npv_positive_probability", "bound": 0.8},
        {"key": "payback_months", "bound": 12},
    ]
}
IMPOSSIBLE = {"criteria": [{"key": "payback_months", "bound": 0}]}
SIGNATURE = {"name": "A. Manager", "reason": "it pays back"}
RESULT = {"day": "2026-11-01", "training_h": 5.0, "device_h": 40.0}


def started(api: Api) -> str:
    """Id of a pilot whose worker has not come yet."""
    return api.create(priced_pilot(), throughput=planted_curve()).id


def work(api: Api, pilot_id: str) -> None:
    assert api.pilot(pilot_id).phase == "confirmation"
    api.worker(plant).work_until_idle()


def order(api: Api, pilot_id: str, what: str, body: dict[str, Any], *, key: str = "") -> Any:
    headers = {"Idempotency-Key": key or sha256_of(json.dumps([what, body]))}
    return api.post(f"/api/pilots/{pilot_id}/{what}", body, **headers)


def done(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def look(api: Api, pilot_id: str, **terms: object) -> dict[str, Any]:
    return done(api.post(f"/api/pilots/{pilot_id}/adoption:compute", terms))


def signed_off(api: Api, pilot_id: str) -> dict[str, Any]:
    """The adoption of a pilot whose limited rollout is signed."""
    order(api, pilot_id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    work(api, pilot_id)
    return done(order(api, pilot_id, "adoption:sign", SIGNATURE))
