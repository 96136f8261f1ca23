"""What meters read, as people read it: units, and words that claim no more than was measured."""

from planner.measurements.gradient_noise import NoiseScale
from planner.measurements.meter_summary import MeterSummary
from planner.pilots.meters import ratio_tone
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number, significant

_MIB = 2**20
_GIB = 2**30
_WH_J = 3600

NOISE_FIGURES = 2
"""A noise scale is rough: 3 to 48 % off in 340 runs."""


def memory(size_bytes: float, language: Language) -> str:
    """Bytes in MiB, from one GiB on in GiB."""
    if size_bytes < _GIB:
        return say("meter.mib", language, size=significant(size_bytes / _MIB, language))
    return say("meter.gib", language, size=significant(size_bytes / _GIB, language))


def energy(energy_j: float, language: Language) -> str:
    """Joules, from one watt-hour on in watt-hours."""
    if energy_j < _WH_J:
        return say("meter.j", language, energy=significant(energy_j, language))
    return say("meter.wh", language, energy=significant(energy_j / _WH_J, language))


def power(power_w: float, language: Language) -> str:
    """Watts."""
    return say("meter.w", language, power=number(power_w, language, decimals=0))


def stability(summary: MeterSummary, language: Language) -> str:
    """What the curvature ratio says, and nothing beyond."""
    if summary.curvature_ratio is None:
        return say("meter.stability_unknown", language)
    return say(f"meter.stability_{ratio_tone(summary.curvature_ratio)}", language)


def decrease(summary: MeterSummary, language: Language) -> str:
    """What the mechanical energy did; never a proof."""
    return say(f"meter.decrease_{summary.decrease or 'unknown'}", language)


def noise(scale: NoiseScale | None, language: Language) -> str:
    """A noise scale in samples with its interval, or why there is none."""
    if scale is None:
        return say("format.not_measured", language)
    if scale.samples is None:
        return say("meter.not_resolved", language)
    value = significant(scale.samples, language, NOISE_FIGURES)
    if scale.low is None:
        return value
    low = significant(scale.low, language, NOISE_FIGURES)
    if scale.high is None:
        return say("meter.noise_open", language, value=value, low=low)
    high = significant(scale.high, language, NOISE_FIGURES)
    return say("format.interval", language, value=value, low=low, high=high)
