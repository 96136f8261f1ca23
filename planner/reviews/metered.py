"""Energy as the meters of a pilot's runs read it; an estimate, called one, where none did.

A reading belongs to the device and to the training that it was taken of. So it stands for one
training only where the pilot is itself the training and the review's hardware is the device of the
runs; a training in production is estimated from board power and load.
"""

import math
from collections.abc import Iterable

from planner.economics.cost import SECONDS_PER_HOUR
from planner.economics.energy import (
    JOULES_PER_KWH,
    EnergyUse,
    MeteredPower,
    energy_use,
    estimated_use,
    metered_use,
)
from planner.reviews.arm import Arm
from planner.reviews.judged import Judged
from planner.reviews.race import Race


def training_energy(arm: Arm, judged: Judged, *, device_h: float) -> EnergyUse | None:
    """Of one training under the schedule of an arm, at the mean power of its runs."""
    given = judged.given
    power = metered_power(arm.races) if _is_training_of_runs(judged) else None
    facility = given.assumptions.facility
    if power is not None:
        return metered_use(device_h, power=power, facility=facility)
    return estimated_use(device_h, board_w=given.hardware.rate_card.board_w, facility=facility)


def pilot_energy(judged: Judged) -> EnergyUse | None:
    """Of all the pilot's runs so far; what meters missed is taken at the power that they read."""
    given, facility = judged.given, judged.given.assumptions.facility
    power = metered_power(judged.races)
    if facility is None or power is None or not power.of_all:
        billed_h = math.fsum(race.billed_s for race in judged.races) / SECONDS_PER_HOUR
        if power is not None:
            return metered_use(billed_h, power=power, facility=facility)
        return estimated_use(billed_h, board_w=given.pilot_rate.board_w, facility=facility)
    read_j = math.fsum(race.energy_j or 0.0 for race in judged.races)
    return energy_use(read_j / JOULES_PER_KWH, facility, estimated=False, power=power)


def metered_power(races: Iterable[Race]) -> MeteredPower | None:
    """Mean power of a device over the races that were metered; None where no meter told."""
    active = [race for race in races if race.billed_s > 0]
    read = [(race.energy_j, race.metered_s) for race in active if race.energy_j is not None]
    if not read:
        return None
    return MeteredPower(
        mean_w=math.fsum(joules for joules, _ in read) / math.fsum(held_s for _, held_s in read),
        metered_runs=len(read),
        runs=len(active),
    )


def _is_training_of_runs(judged: Judged) -> bool:
    given = judged.given
    curve = given.hardware.throughput
    own_device = curve is not None and curve.device == given.throughput.device
    return own_device and given.production is None
