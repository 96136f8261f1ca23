"""Pilots whose curve says that bundles pay, and workers that claim them."""

from planner.devices.throughput import BundleSpeed, ThroughputCurve
from planner.exchange.work import Claim
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import PlantedWorker, planted_curve

TEN = tuple(range(11, 21))


def batched(members: int = 10, *, speed_up: float = 5.0) -> ThroughputCurve:
    """A curve on which bundles of a size pay: their step takes members / speed-up as long.

    Up to 1.1 times faster nothing pays; 2 of 10 members at 5 would be 5 x 2/10 = 1, 3 are 1.5.
    """
    single_s = 1e-3
    return planted_curve(
        bundles=tuple(
            BundleSpeed(
                execution="batched",
                members=members,
                batch_size=size,
                step_time_s=members * single_s / speed_up,
                single_step_time_s=single_s,
            )
            for size in (8, 32, 64)
        )
    )


def create(api: Api, curve: ThroughputCurve | None = None, **changes: object) -> str:
    """A pilot of two schedules on ten seeds, which nothing but its curve says how to bundle."""
    given = {"seeds": {"confirmation": list(TEN)}} | changes
    return api.create(a_pilot(**given), throughput=curve or batched(), key=str(changes)).id


def claimed(worker: PlantedWorker, maximum_runs: int = 16) -> Claim:
    claim = worker.claim(maximum_runs=maximum_runs)
    assert claim is not None
    return claim
