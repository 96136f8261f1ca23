"""The production training on other devices than those that its hours were taken on."""

from dataclasses import replace

from planner.devices.throughput import fit_throughput
from planner.economics.assumptions import Production
from planner.economics.rates import HardwareProfile
from planner.projections.transfer import production_sample_s
from planner.reviews.pace import Unavailable


def production_on(
    profile: HardwareProfile, home: HardwareProfile, production: Production
) -> Production | Unavailable:
    """The production training on other devices; its hours are those of the pilot's own hardware.

    On as many of the same devices over the same fabric it is the same training. On as many others
    it takes as much longer as their curve says at today's batch, the part apart that no schedule
    changes. What the devices say to each other is in it where it is known of both.
    """
    if profile.device_count != production.device_count:
        return "other_device_count"
    same_device = profile.rate_card.device == home.rate_card.device
    messages = profile.interconnect is not None and home.interconnect is not None
    if same_device and (not messages or profile.interconnect == home.interconnect):
        return production
    if profile.throughput is None or home.throughput is None:
        return "throughput_unknown"
    stated = production.half_saturation_batch_size_per_device if same_device else None
    taken = replace(production, half_saturation_batch_size_per_device=stated)
    there_s, here_s = (
        production_sample_s(
            production.batch_size,
            taken,
            fit_throughput(curve),
            one.interconnect if messages else None,
        )
        for one, curve in ((profile, profile.throughput), (home, home.throughput))
    )
    slower = there_s / here_s
    fixed_h = production.training_h * production.overhead_fraction
    training_h = (production.training_h - fixed_h) * slower + fixed_h
    return replace(taken, training_h=training_h, overhead_fraction=fixed_h / training_h)
