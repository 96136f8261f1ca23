"""What the lines of a line-up were set to: every setting once, so that differences can be told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from planner.economics.assumptions import Assumptions, Production
from planner.line_ups.entrant import Entrant
from planner.money import Money
from planner.pilots.pilot import Pilot
from planner.schedules.schedule import Schedule

SettingValue = str | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting over all lines.

    Attributes:
        key: Message key below ``setting.``; ``assumption_`` and ``production_`` are followed by
            a key below ``assumption.``.
        values: Of each line, in their order; None where it has none. What is too long to be
            written is told apart by letters: equal letters are equal settings.
    """

    key: str
    values: tuple[SettingValue, ...]

    @property
    def differs(self) -> bool:
        """Whether two lines have it otherwise."""
        return len(set(self.values)) > 1


def settings_of(lines: Sequence[Entrant]) -> tuple[Setting, ...]:
    """Every setting of every line; those of the pilot first, then schedule, then money."""
    told = [_told(one) for one in lines]
    keys = dict.fromkeys(key for found in told for key in found)
    return tuple(
        Setting(key=key, values=_lettered([found.get(key) for found in told])) for key in keys
    )


def _told(one: Entrant) -> dict[str, object]:
    given = one.participant.judged.given
    schedule = next(found for found in given.pilot.schedules if found.name == one.arm.schedule)
    review = one.participant.review
    return {
        **{key: read(given.pilot) for key, read in OF_PILOT.items()},
        "measured_on": review.measured_on,
        **{key: read(schedule, given.pilot) for key, read in OF_SCHEDULE.items()},
        "rate_multiplier": one.arm.rate_multiplier,
        "seeds_from": one.arm.purpose,
        "hardware": review.price.device,
        "device_count": review.device_count,
        "price_per_device_h": _amount(review.price.rent_per_gpu_hour),
        **{f"production_{field.name}": _part(given.production, field.name) for field in PRODUCTION},
        **{
            f"assumption_{field.name}": getattr(given.pilot.assumptions, field.name)
            for field in fields(Assumptions)
        },
    }


def _part(production: Production | None, name: str) -> object:
    return None if production is None else getattr(production, name)


def _listed(values: Sequence[float]) -> str | None:
    return ", ".join(f"{value:g}" for value in values) or None


def _amount(money: Money) -> str:
    return f"{money.amount:g} {money.currency}"


def _lettered(values: Sequence[object]) -> tuple[SettingValue, ...]:
    """Texts, numbers and None as they are; a setting of several parts as a letter."""
    if all(value is None or isinstance(value, str | int | float) for value in values):
        return tuple(_plain(value) for value in values)
    seen: list[object] = []
    letters: list[SettingValue] = []
    for value in values:
        if value not in seen:
            seen.append(value)
        letters.append(_letter(seen.index(value)))
    return tuple(letters)


def _plain(value: object) -> SettingValue:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None or isinstance(value, str | float) else float(str(value))


def _letter(place: int) -> str:
    """A, B ... Z, AA, AB ..."""
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


PRODUCTION = fields(Production)

OF_PILOT: dict[str, Callable[[Pilot], object]] = {
    "workload": lambda pilot: pilot.workload,
    "target_metric": lambda pilot: pilot.target.metric,
    "target_value": lambda pilot: pilot.target.value,
    "sustained": lambda pilot: pilot.target.sustained_evaluations,
    "quality_metric": lambda pilot: pilot.quality.metric if pilot.quality else None,
    "quality_tolerance": lambda pilot: pilot.quality.tolerance if pilot.quality else None,
    "evaluation_every": lambda pilot: pilot.evaluation.every,
    "seeds_confirmation": lambda pilot: _listed(pilot.seeds.confirmation),
    "seeds_selection": lambda pilot: _listed(pilot.seeds.selection),
    "rate_multipliers": lambda pilot: _listed(pilot.rate_multipliers),
    "momentum_form": lambda pilot: pilot.momentum_form,
    "precision": lambda pilot: pilot.precision,
    "divergence": lambda pilot: pilot.divergence.policy,
    "meters": lambda pilot: pilot.meters,
    "looks": lambda pilot: pilot.looks,
    "caps": lambda pilot: pilot.caps,
    "interconnect": lambda pilot: pilot.hardware.interconnect,
}

OF_SCHEDULE: dict[str, Callable[[Schedule, Pilot], object]] = {
    "epochs": lambda schedule, pilot: schedule.epochs or pilot.budget.epochs,
    "rate_form": lambda schedule, pilot: schedule.rate_form or pilot.momentum_form,
    "rate_initial": lambda schedule, _: schedule.learning_rate.initial,
    "rate_decay": lambda schedule, _: schedule.learning_rate.decay,
    "rate_minimum": lambda schedule, _: schedule.learning_rate.minimum,
    "rate_power": lambda schedule, _: schedule.learning_rate.power,
    "rate_factor": lambda schedule, _: schedule.learning_rate.factor,
    "rate_milestones": lambda schedule, _: _listed(schedule.learning_rate.milestones_epochs),
    "rate_stages": lambda schedule, _: _listed(schedule.learning_rate.rates),
    "rate_growth": lambda schedule, _: schedule.learning_rate.growth,
    "rate_warm_up": lambda schedule, _: schedule.learning_rate.warm_up,
    "rate_cooldown": lambda schedule, _: schedule.learning_rate.cooldown,
    "rate_to_batch": lambda schedule, _: schedule.learning_rate.to_batch,
    "batch_initial": lambda schedule, _: schedule.batch_size.initial,
    "batch_growth": lambda schedule, _: schedule.batch_size.growth,
    "batch_increase": lambda schedule, _: schedule.batch_size.increase,
    "batch_every_epochs": lambda schedule, _: schedule.batch_size.every_epochs,
    "batch_maximum": lambda schedule, _: schedule.batch_size.maximum,
    "batch_land_on": lambda schedule, _: schedule.batch_size.land_on,
    "batch_thresholds": lambda schedule, _: schedule.batch_size.thresholds,
    "momentum": lambda schedule, _: schedule.momentum.value,
    "momentum_shape": lambda schedule, _: schedule.momentum.shape,
    "momentum_final": lambda schedule, _: schedule.momentum.final,
    "momentum_every_epochs": lambda schedule, _: schedule.momentum.every_epochs,
    "momentum_keeps_rate": lambda schedule, _: schedule.momentum.keep_effective_rate,
}
