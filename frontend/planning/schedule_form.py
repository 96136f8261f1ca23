"""The forms that a schedule can take on the page, and ready ones to begin with."""

import dataclasses
from collections.abc import Callable, Collection
from typing import Any, Literal, get_args

from frontend.calls.codec import adapter
from frontend.planning.document import Document
from frontend.tables.stages import as_list, even_stages, is_table, rows_of, with_rows
from planner.schedules.learning_rate import RateDecay
from planner.schedules.momentum import MomentumShape
from planner.schedules.presets import (
    PRESET_STAGES,
    constant_batch_decaying_rate,
    grow_from_todays_batch,
    growing_batch_decaying_rate,
    growing_batch_growing_rate,
    growing_batch_warmed_up_rate,
)
from planner.schedules.rate_to_batch import BatchRule
from planner.schedules.schedule import Schedule

RATE_SHAPES: tuple[str, ...] = (*get_args(RateDecay), "growth")
BATCH_RULES: tuple[str, ...] = ("none", *get_args(BatchRule))
MOMENTUM_SHAPES: tuple[MomentumShape, ...] = get_args(MomentumShape)
BatchShape = Literal["constant", "growth", "increase", "stages", "thresholds"]
BATCH_SHAPES: tuple[BatchShape, ...] = get_args(BatchShape)

Preset = Literal[
    "grow_from_today",
    "growing_batch",
    "growing_batch_and_rate",
    "growing_batch_warm_up",
    "constant_batch",
    "own_stages",
]
PRESETS: tuple[Preset, ...] = get_args(Preset)

FIRST_FINAL_MOMENTUM = 0.95
"""Where a momentum that is made to change first ends; half as far from 1 as the usual 0.9."""

LAST_EXPONENTIAL = 0.01
"""Share of the first rate at which an exponential decay first ends."""

LARGEST_GROWN_FACTOR = 2 ** (PRESET_STAGES - 1)


def rate_shape(rate: Document) -> str:
    """Which form of the learning rate the page shows."""
    return "growth" if rate.get("growth") else str(rate.get("decay", "constant"))


def with_rate_shape(schedule: Document, shape: str, *, epochs: int) -> Document:
    """The schedule with another form of learning rate; what a form needs gets a first value."""
    old = schedule["learning_rate"]
    initial = old["initial"]
    rate: Document = {"initial": initial, "decay": shape}
    if shape == "growth":
        growth = {"maximum": _times(initial, 4), "every_epochs": _stage_epochs(epochs)}
        rate = {"initial": initial, "decay": "constant", "growth": growth}
    elif shape == "step":
        rate["milestones_epochs"] = [max(1, epochs // 2)]
        rate["factor"] = 0.1
    elif shape == "exponential":
        rate["factor"] = float(f"{LAST_EXPONENTIAL ** (1 / epochs):.3g}")
    elif shape == "wsd":
        rate["cooldown"] = {"steps_fraction": 0.2, "shape": "linear"}
    if shape not in ("growth", "stages") and old.get("warm_up"):
        rate["warm_up"] = old["warm_up"]
    if old.get("to_batch"):
        rate["to_batch"] = old["to_batch"]
    changed = {**schedule, "learning_rate": rate}
    return _with_stage_rates(changed, epochs=epochs) if shape == "stages" else changed


def with_warm_up(schedule: Document, *, wanted: bool, epochs: int) -> Document:
    """The schedule with or without a warm-up of its learning rate."""
    rate = {name: value for name, value in schedule["learning_rate"].items() if name != "warm_up"}
    if wanted:
        tenth = max(1, round(epochs / 10))
        warm_up = {"maximum": _times(rate["initial"], 2), "epochs": tenth, "every_epochs": 1}
        rate["warm_up"] = warm_up
    return {**schedule, "learning_rate": rate}


def batch_rule(rate: Document) -> str:
    """What the page shows that the batch size does to the rate."""
    return str((rate.get("to_batch") or {}).get("rule", "none"))


def with_batch_rule(schedule: Document, rule: str) -> Document:
    """The schedule with another rule from batch size to rate; a ramp stays."""
    old = schedule["learning_rate"]
    rate = {name: value for name, value in old.items() if name != "to_batch"}
    if rule != "none":
        ramp = (old.get("to_batch") or {}).get("ramp_epochs", 0.0)
        rate["to_batch"] = {"rule": rule, "ramp_epochs": ramp}
        if rule == "power":
            rate["to_batch"]["exponent"] = 0.5
    return {**schedule, "learning_rate": rate}


def batch_shape(batch: Document) -> BatchShape:
    """Which form of the batch size the page shows."""
    if batch.get("thresholds") is not None:
        return "stages" if is_table(batch) else "thresholds"
    if batch.get("increase") is not None:
        return "increase"
    return "constant" if batch.get("growth") is None else "growth"


def with_batch_shape(schedule: Document, shape: str, *, epochs: int) -> Document:
    """The schedule with another form of batch size; a table of rates lives only beside one."""
    first = first_batch_size(schedule["batch_size"])
    if schedule["learning_rate"].get("decay") == "stages" and shape != "stages":
        schedule = with_rate_shape(schedule, "constant", epochs=epochs)
    if shape == "constant":
        return {**schedule, "batch_size": {"initial": first}}
    if shape == "increase":
        increase = {"increase": first, "every_epochs": _stage_epochs(epochs)}
        return {**schedule, "batch_size": {"initial": first, **increase}}
    if shape == "growth":
        growth = {"growth": 2.0, "every_epochs": _stage_epochs(epochs)}
        maximum = first * LARGEST_GROWN_FACTOR
        return {**schedule, "batch_size": {"initial": first, **growth, "maximum": maximum}}
    rows = even_stages(first_batch_size=first, epochs=epochs, count=PRESET_STAGES)
    if shape == "thresholds":
        return {**schedule, "batch_size": {"thresholds": as_list(rows)}}
    return with_rows(schedule, rows)


def with_landing(schedule: Document, *, wanted: bool) -> Document:
    """The schedule whose growing batch ends exactly on its largest one, or is cut off at it."""
    batch = dict(schedule["batch_size"])
    first = first_batch_size(batch)
    end = batch.pop("land_on", None) or batch.pop("maximum", None) or first * LARGEST_GROWN_FACTOR
    batch.pop("maximum", None)
    return {**schedule, "batch_size": {**batch, "land_on" if wanted else "maximum": end}}


def milestones_text(milestones: object) -> str:
    """Epochs at which a rate steps down, as people write them."""
    return ", ".join(map(str, milestones)) if isinstance(milestones, list) else ""


def milestones_of(text: str) -> list[int | str]:
    """Epochs that somebody wrote; what is no number stays for the API to refuse."""
    written = text.replace(",", " ").replace("、", " ").split()
    return [int(one) if one.isascii() and one.isdecimal() else one for one in written]


def momentum_shape(schedule: Document) -> str:
    """Which form of the momentum the page shows."""
    return str(schedule.get("momentum", {}).get("shape", "constant"))


def with_momentum_shape(schedule: Document, shape: str, *, epochs: int) -> Document:
    """The schedule with another form of momentum; what a form needs gets a first value."""
    value = schedule.get("momentum", {}).get("value", 0.9)
    momentum: Document = {"value": value}
    if shape != "constant":
        momentum |= {"shape": shape, "final": FIRST_FINAL_MOMENTUM}
    if shape == "step":
        momentum["every_epochs"] = _stage_epochs(epochs)
    return {**schedule, "momentum": momentum}


def first_batch_size(batch: Document) -> int:
    """Batch size of the first step, or 1 where it cannot be read."""
    if batch.get("initial") is not None:
        return int(batch["initial"])
    first = str(batch.get("thresholds") or "").partition(" ")[0].partition(":")[2]
    return int(first) if first.isascii() and first.isdecimal() else 1


def preset_schedule(
    preset: Preset, *, today: Document, epochs: int, name: str, taken: Collection[str]
) -> Document:
    """A ready candidate that starts from today's first batch and rate."""
    first = first_batch_size(today["batch_size"])
    start: dict[str, Any] = {
        "initial_rate": today["learning_rate"]["initial"],
        "batch_size": first,
        "momentum": today.get("momentum", {"value": 0.9})["value"],
    }
    own_name = free_name(name, taken)
    if preset == "own_stages":
        own = {**today, "name": own_name, "role": "candidate"}
        return with_batch_shape(own, "stages", epochs=epochs)
    if preset == "grow_from_today":
        baseline = adapter(Schedule).validate_python(today)
        made = grow_from_todays_batch(baseline, epochs=epochs, maximum=first * LARGEST_GROWN_FACTOR)
    elif preset == "constant_batch":
        made = constant_batch_decaying_rate(**start)
    else:
        made = _GROWING[preset](**start, epochs=epochs)
    return schedule_document(dataclasses.replace(made, name=own_name))


def schedule_document(schedule: Schedule) -> Document:
    """A schedule as JSON, without the fields that say nothing."""
    document: Document = adapter(Schedule).dump_python(schedule, mode="json")
    return document


def free_name(name: str, taken: Collection[str]) -> str:
    """The name itself, or with the first number that no other schedule has."""
    if name not in taken:
        return name
    number = 2
    while f"{name} {number}" in taken:
        number += 1
    return f"{name} {number}"


def unnumbered(name: str, taken: Collection[str]) -> str:
    """The name without the number of a copy, where what it was copied from is there, too."""
    stem, _, last = name.rpartition(" ")
    return stem if last.isdecimal() and stem in taken else name


def _with_stage_rates(schedule: Document, *, epochs: int) -> Document:
    """Rates in a table that so far had batch sizes only, or a new table of both."""
    rate = schedule["learning_rate"]
    if batch_shape(schedule["batch_size"]) != "stages":
        plain = {**schedule, "learning_rate": {**rate, "decay": "constant"}}
        schedule = with_batch_shape(plain, "stages", epochs=epochs)
    rows = rows_of({**schedule, "learning_rate": {"initial": rate["initial"]}})
    rated = [dataclasses.replace(row, learning_rate=rate["initial"]) for row in rows]
    return with_rows({**schedule, "learning_rate": {**rate, "decay": "stages"}}, rated)


def _stage_epochs(epochs: int) -> int:
    return max(1, -(-epochs // PRESET_STAGES))


def _times(rate: object, factor: float) -> float | None:
    """A multiple of a rate without the dust of binary fractions."""
    return float(f"{rate * factor:.12g}") if isinstance(rate, int | float) else None


_GROWING: dict[str, Callable[..., Schedule]] = {
    "growing_batch": growing_batch_decaying_rate,
    "growing_batch_and_rate": growing_batch_growing_rate,
    "growing_batch_warm_up": growing_batch_warmed_up_rate,
}
