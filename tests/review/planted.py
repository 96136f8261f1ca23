"""The planted pilots and the reviews that are asked of them; see `test_planted_truth`."""

import math

from tests.support.known_pilot import EPOCHS, halving, known_pilot
from tests.support.planted_worker import planted_curve

STEP_22_S = 1e-3 + 22 / 1e5
STEP_154_S = 1e-3 + 154 / 1e5

PRODUCTION = {
    "training_h": 100,
    "device_count": 8,
    "batch_size": 176,
    "half_saturation_batch_size_per_device": 22,
    "overhead_fraction": 0.1,
}
EIGHT_AT_2_50 = {
    "profile": "this-computer",
    "device_count": 8,
    "rent_per_gpu_hour": {"amount": 2.5, "currency": "USD"},
}
A_DOLLAR_A_SECOND = {"amount": 3600, "currency": "USD"}
ASSUMPTIONS = {
    "currency": "USD",
    "trainings_per_month": 10,
    "engineer_rate_per_h": 100,
    "adoption_engineer_h": 40,
    "retuning_trainings": 2,
    "validation_trainings": 1,
    "horizon_months": 24,
    "discount_rate_per_year": 0.08,
    "payback_limit_months": 12,
}
NOTHING_TO_INVEST = {
    "adoption_engineer_h": 0,
    "retuning_trainings": 0,
    "validation_trainings": 0,
    "count_sunk_pilot_cost": False,
}
TRANSFER_SD = 0.084969

RATIO = (4 * (1 / 4) + 6 * (1 / 7)) / (10 * (1 / 4))
"""Growing batch against today, both at the target after 10 epochs: 26/35."""

TODAY_COST = 100 * 8 * 2.5
PILOT_COST = 5 * (980 * STEP_22_S + 21 * 0.01) + 5 * (
    196 * STEP_22_S + 112 * STEP_154_S + 21 * 0.01
)
INVESTMENT = PILOT_COST + 40 * 100 + (2 + 1) * TODAY_COST
SAVED_PER_TRAINING = TODAY_COST * 0.9 * (1 - RATIO)


def measured(api, truth, *, key, accuracy=None, curve=None, **pilot):
    """Runs a pilot whose schedules reach the target after the epochs in ``truth``, by seed."""
    planned = known_pilot(**pilot)
    seeds = planned.seeds.confirmation or planned.seeds.selection

    def plant(schedule, _multiplier, seed):
        place = seeds.index(seed)
        final = accuracy[schedule.name][place] if accuracy else 0.95
        metrics = halving(truth[schedule.name][place], accuracy=final)
        return lambda share: metrics(share * EPOCHS)

    state = api.create(planned, throughput=curve or planted_curve(), key=key)
    api.worker(plant, name=key).work_until_idle()
    assert api.pilot(state.id).phase == "done"
    return state.id


def asked(api, pilot_id, **changes):
    request = {
        "pilot_id": pilot_id,
        "production": PRODUCTION,
        "hardware": EIGHT_AT_2_50,
        "assumptions": ASSUMPTIONS,
        "pilot_rate_per_device_h": A_DOLLAR_A_SECOND,
    }
    return api.post("/api/reviews:compute", request | changes)


def reviewed(api, pilot_id, **changes):
    return asked(api, pilot_id, **changes).raise_for_status().json()


def on_this_computer(api, pilot_id, **assumptions):
    """The pilot itself is the training, at a dollar a second."""
    answer = api.post(
        "/api/reviews:compute",
        {
            "pilot_id": pilot_id,
            "hardware": {"rent_per_gpu_hour": A_DOLLAR_A_SECOND},
            "assumptions": ASSUMPTIONS | NOTHING_TO_INVEST | assumptions,
        },
    )
    return answer.raise_for_status().json()


def of(review, schedule):
    return next(found for found in review["schedules"] if found["schedule"] == schedule)


def decided(review):
    return review["verdict"]["kind"], review["verdict"]["reason"]


def annuity(months, rate=0.08):
    """Worth today of one unit at the end of each month."""
    return sum((1 + rate) ** (-month / 12) for month in range(1, months + 1))


def normal(z):
    return (1 + math.erf(z / math.sqrt(2))) / 2
