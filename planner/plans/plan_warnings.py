"""What is allowed in a pilot and probably not meant: each warning at the field it is about."""

from collections.abc import Iterable, Iterator

from planner.economics.rates import HardwareProfile
from planner.economics.speed_up import FEWEST_PAIRS
from planner.pilots.cap_use import CapUse
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.plans.plan_facts import PlanWarning
from planner.plans.takers import Takers


def pilot_warnings(
    pilot: Pilot,
    *,
    workload: Workload,
    hardware: HardwareProfile,
    takers: Takers,
    caps: Iterable[CapUse] = (),
) -> tuple[PlanWarning, ...]:
    """Everything to be said of the pilot as a whole.

    Args:
        pilot: As planned.
        workload: That it trains.
        hardware: Of the review.
        takers: Workers that train its workload now.
        caps: Every cap that may stop it, with what is expected of it.
    """
    found = [*_of_hardware(pilot, hardware), *_of_takers(takers, workload)]
    if len(pilot.rate_multipliers) == 1:
        found.append(_warning("rate_multipliers", "only_one_rate"))
    seeds = len(pilot.seeds.confirmation)
    if seeds < FEWEST_PAIRS:
        found.append(
            _warning("seeds.confirmation", "too_few_seeds", seeds=seeds, fewest=FEWEST_PAIRS)
        )
    found += _of_caps(caps)
    return tuple(found)


def _of_caps(caps: Iterable[CapUse]) -> Iterator[PlanWarning]:
    """Caps at which the work would stop before it is done; those of the month have no field."""
    for use in caps:
        if use.expected is None or use.expected <= use.limit:
            continue
        if use.scope == "month":
            yield _warning("caps", "month_cap_below_need")
        else:
            yield _below_need(use, use.expected)


def _below_need(use: CapUse, needed: float) -> PlanWarning:
    """One code for each unit, so that the sentence says it."""
    field, limit = f"caps.{use.scope}_{use.unit}", use.limit
    match use.unit:
        case "device_h":
            return _warning(field, "cap_below_need_device_h", limit=limit, needed=needed)
        case "energy_kwh":
            return _warning(field, "cap_below_need_energy_kwh", limit=limit, needed=needed)
        case "money":
            currency = use.currency
            return _warning(
                field, "cap_below_need_money", limit=limit, needed=needed, currency=currency
            )


def _of_takers(takers: Takers, workload: Workload) -> Iterator[PlanWarning]:
    """Runs that would wait for a worker that is not here."""
    untaken = takers.untaken
    if untaken is None:
        return
    if untaken > 1:
        yield _warning("devices", "devices_not_here", devices=untaken)
    elif takers.serving:
        yield _warning("devices", "one_device_not_here")
    else:
        yield _unserved(workload)


def _unserved(workload: Workload) -> PlanWarning:
    """No worker trains it: for want of its data, where those have to be fetched."""
    if not workload.data_set:
        return _warning("workload", "workload_served_by_no_worker", workload=workload.name)
    return _warning(
        "workload",
        "workload_without_its_data",
        workload=workload.name,
        data_set=workload.data_set,
    )


def _of_hardware(pilot: Pilot, hardware: HardwareProfile) -> Iterator[PlanWarning]:
    card, production = hardware.rate_card, pilot.production
    if card.rent_per_gpu_hour.amount == 0:
        yield _warning("hardware.rent_per_gpu_hour", "price_zero", device=card.device)
    elif card.as_of is None:
        yield _warning("hardware.rent_per_gpu_hour", "price_undated", device=card.device)
    half = None if production is None else production.half_saturation_batch_size_per_device
    if hardware.throughput is None and half is None:
        yield _warning("hardware.profile", "hardware_unmeasured", device=card.device)


def _warning(field: str, code: str, **params: str | int | float) -> PlanWarning:
    return PlanWarning(field=field, code=code, params=params)
