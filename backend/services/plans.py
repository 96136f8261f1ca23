"""Plans: a pilot that is not started, joined to known curves, workers, queue and prices."""

from backend.problems import below
from backend.services import pilots, queue, reviews
from backend.services.pilot_checks import check
from backend.services.workers import throughput_curves
from backend.unit_of_work import UnitOfWork
from planner.pilot import Pilot
from planner.plan import PlanInput, plan_facts
from planner.plan_facts import PlanFacts, PlanRequest
from planner.refusal import Refusal, require
from planner.workload import BUILT_IN


def compute(work: UnitOfWork, request: PlanRequest) -> PlanFacts:
    """What a pilot would cost and take; nothing is stored.

    Raises:
        InputError: It could not be run.
        Refusal: Its money could not be stated.
    """
    pilot = request.pilot
    check(pilot)
    _check_hardware(pilot)
    known = pilots.known_curve(work, pilot)
    stored = throughput_curves(work, workload=pilot.workload, device=None)
    curve = known or next(iter(stored), None)
    try:
        return plan_facts(
            PlanInput(
                pilot=pilot,
                workload=BUILT_IN[pilot.workload],
                throughput=curve,
                needs_probe=known is None,
                hardware=reviews.hardware_profile(
                    pilot.hardware, stored if curve is None else (curve, *stored)
                ),
                pilot_rate_per_device_h=request.pilot_rate_per_device_h,
                free_s=queue.free_s(work, pilot),
                now=work.now,
            )
        )
    except Refusal as refusal:
        raise below("pilot", refusal) from refusal


def _check_hardware(pilot: Pilot) -> None:
    """The review is computed for the devices that the production training uses."""
    if pilot.production is not None:
        require(
            pilot.hardware.device_count == pilot.production.device_count,
            "pilot.hardware.device_count",
            "device_counts_differ",
            hardware=pilot.hardware.device_count,
            production=pilot.production.device_count,
        )
