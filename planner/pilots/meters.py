"""The meters of a run: what a pilot may switch off, the columns they fill, and their colours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

MeterName = Literal["curvature", "motion", "noise_scale", "device"]
"""Message keys below ``meter.``: one meter each, and one column of cost each."""

Tone = Literal["good", "caution", "bad"]

HEALTHY_RATIO = 0.8
UNSTABLE_RATIO = 1.2
"""Curvature ratio below which a run is in the green, and above which it is in the red; 1 is the
limit of a quadratic. Ours: 340 runs that were healthy read 0.1 to 0.3."""

MOST_FRACTION = 0.01
"""Share of an attempt that one costly meter may take; there are two of them."""

MOST_FRACTION_AT_STAGE = 0.03
"""The same at the start of a stage, where a reading says most."""

METERS: dict[MeterName, tuple[str, ...]] = {
    "curvature": ("curvature", "curvature_ratio"),
    "motion": ("mechanical_energy", "energy_jump", "kinetic_fraction"),
    "noise_scale": ("gradient_noise", "gradient_square"),
    "device": (
        "energy_j",
        "power_w",
        "throttled_fraction",
        "device_memory_bytes",
        "process_memory_bytes",
    ),
}
"""Columns of the ``meters`` series by the meter that fills them."""

COST_COLUMNS: dict[MeterName, str] = {name: f"{name}_cost_s" for name in METERS}
"""Seconds that each meter has taken of the attempt's wall clock, so far; what was read before the
first step is in neither."""

COLUMNS: tuple[str, ...] = (
    *(column for columns in METERS.values() for column in columns),
    *COST_COLUMNS.values(),
)
"""All columns of the series, in their order; a point has every one of them, or None."""


COSTLY = ("curvature", "noise_scale")
"""Meters that a pilot may switch off: fields of `Meters`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meters:
    """The costly meters of a pilot's runs; neither changes what is trained.

    Attributes:
        curvature: Largest eigenvalue of the probe loss and the stability that follows from it.
        noise_scale: Gradient noise scale of every stage.
    """

    curvature: bool = True
    noise_scale: bool = True


def spent_s(columns: Mapping[str, Sequence[float | None]]) -> float:
    """What all meters have taken of the wall clock by the last of some points."""
    newest = (columns[name][-1] for name in COST_COLUMNS.values() if name in columns)
    return sum(max(seconds, 0.0) for seconds in newest if seconds is not None)


def energy_j(columns: Mapping[str, Sequence[float | None]]) -> float | None:
    """What the device used in the attempt by the last of some points; None where no meter told."""
    told = [joules for joules in columns.get("energy_j", ()) if joules is not None and joules >= 0]
    return told[-1] if told else None


def ratio_tone(curvature_ratio: float) -> Tone:
    """Colour of a curvature ratio."""
    if curvature_ratio < HEALTHY_RATIO:
        return "good"
    return "bad" if curvature_ratio > UNSTABLE_RATIO else "caution"
