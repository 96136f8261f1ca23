"""The production training on other devices than those that its hours were taken on."""

from dataclasses import replace

from planner.devices.throughput import ThroughputCurve, fit_throughput
from planner.economics.assumptions import Production
from planner.economics.rates import HardwareProfile
from planner.reviews.pace import Unavailable


def production_on(
    profile: HardwareProfile, home: HardwareProfile, production: Production
) -> Production | Unavailable:
    """The production training on other devices; its hours are those of the pilot's own hardware.

    On as many of the same devices it is the same training. On as many others it takes as much
    longer as their curve says at today's batch, the part apart that no schedule changes.
    """
    if profile.device_count != production.device_count:
        return "other_device_count"
    if profile.rate_card.device == home.rate_card.device:
        return production
    if profile.throughput is None or home.throughput is None:
        return "throughput_unknown"
    slower = _step_s(profile.throughput, production) / _step_s(home.throughput, production)
    fixed_h = production.training_h * production.overhead_fraction
    training_h = (production.training_h - fixed_h) * slower + fixed_h
    return replace(
        production,
        training_h=training_h,
        overhead_fraction=fixed_h / training_h,
        half_saturation_batch_size_per_device=None,
    )


def _step_s(curve: ThroughputCurve, production: Production) -> float:
    """Seconds of one step of today's batch, shared by the devices, accumulated where too large."""
    fit = fit_throughput(curve)
    per_device = production.batch_size / production.device_count
    largest = production.maximum_batch_size_per_device or per_device
    micro_batches = max(1, -(-per_device // largest))
    return micro_batches * fit.overhead_s + per_device / fit.samples_per_s
