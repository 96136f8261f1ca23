"""Published settings worked out for the data that they were published for."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from planner.chart import Axis, Chart, Series
from planner.plans.plan_facts import SchedulePlan
from planner.plans.preview import preview
from planner.schedules.momentum import effective_rate
from planner.schedules.published import PublishedSetting
from planner.schedules.schedule import StepTable, Work, plan_steps, stages, work_parity
from planner.schedules.theory import Family, TheoryTerms, family, theory_facts, theory_terms

Along = Literal["epoch", "step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedState:
    """A published setting as one row of a list.

    Attributes:
        family: Which of the theory's cases it is nearest to.
        last_batch_size: Planned samples of its last step.
        last_learning_rate: Rate of its last step, in its own momentum form.
        work: What it asks for on its own data.
        terms: Of its whole run; they rank settings and predict no time.
    """

    setting: PublishedSetting
    family: Family
    last_batch_size: int
    last_learning_rate: float
    work: Work
    terms: TheoryTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochTable:
    """A schedule epoch by epoch; every array has one entry an epoch.

    Attributes:
        first_step: Zero-based step with which the epoch begins.
        steps: Number of its steps.
        batch_size: Planned samples of its first step.
        learning_rate: Of its first step, in the setting's momentum form.
        last_learning_rate: Of its last step.
        effective_learning_rate: Of its first step.
        momentum: Beta of its first step.
    """

    first_step: tuple[int, ...]
    steps: tuple[int, ...]
    batch_size: tuple[int, ...]
    learning_rate: tuple[float, ...]
    last_learning_rate: tuple[float, ...]
    effective_learning_rate: tuple[float, ...]
    momentum: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFacts:
    """Everything about one published setting.

    Attributes:
        plan: Its schedule on its own data; no device is meant, so that it has no time.
        epochs: The same epoch by epoch.
    """

    setting: PublishedSetting
    plan: SchedulePlan
    epochs: EpochTable


def published_state(setting: PublishedSetting) -> PublishedState:
    """One row."""
    table, form = _table(setting), setting.momentum_form
    return PublishedState(
        setting=setting,
        family=family(setting.schedule, table),
        last_batch_size=int(table.batch_size[-1]),
        last_learning_rate=float(table.learning_rate[-1]),
        work=work_parity(table, form=form),
        terms=theory_terms(table, form=form),
    )


def published_facts(setting: PublishedSetting) -> PublishedFacts:
    """The whole of it."""
    table, form = _table(setting), setting.momentum_form
    return PublishedFacts(
        setting=setting,
        plan=SchedulePlan(
            schedule=setting.schedule.name,
            role=setting.schedule.role,
            work=work_parity(table, form=form),
            stages=stages(table),
            capped_at_data=table.capped_at_data,
            run_time_s=None,
            theory=theory_facts(setting.schedule, table, form=form),
            preview=preview(table, form=form),
            warnings=(),
        ),
        epochs=_epoch_table(setting, table),
    )


def published_charts(
    facts: PublishedFacts, *, along: Along, effective: bool
) -> tuple[Chart, Chart]:
    """Learning rate and batch size along the run, each holding until the next point.

    The points are those of the preview and the first step of every epoch.
    """
    points = _points(facts, effective=effective)
    places = tuple(point.epoch if along == "epoch" else float(point.step) for point in points)
    x = Axis(label="epochs") if along == "epoch" else Axis(label="steps")
    rate = Axis(label="effective_learning_rate") if effective else Axis(label="learning_rate")
    return (
        Chart(
            key="published_rate",
            x=x,
            y=rate,
            series=(
                Series(
                    name=rate.label, role="candidate", x=places, y=tuple(p.rate for p in points)
                ),
            ),
        ),
        Chart(
            key="published_batch_size",
            x=x,
            y=Axis(label="batch_size"),
            series=(
                Series(
                    name="batch_size",
                    role="candidate",
                    x=places,
                    y=tuple(float(point.batch_size) for point in points),
                ),
            ),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """One point of both curves; the rate is stated or effective."""

    step: int
    epoch: float
    rate: float
    batch_size: int


def _points(facts: PublishedFacts, *, effective: bool) -> tuple[_Point, ...]:
    preview, epochs = facts.plan.preview, facts.epochs
    rates = "effective_learning_rate" if effective else "learning_rate"
    columns = zip(
        (*preview.step, *epochs.first_step),
        (*preview.epoch, *map(float, range(len(epochs.steps)))),
        (*getattr(preview, rates), *getattr(epochs, rates)),
        (*preview.batch_size, *epochs.batch_size),
        strict=True,
    )
    found = {
        step: _Point(step=step, epoch=epoch, rate=rate, batch_size=size)
        for step, epoch, rate, size in columns
    }
    return tuple(found[step] for step in sorted(found))


def _table(setting: PublishedSetting) -> StepTable:
    return plan_steps(
        setting.schedule,
        training_samples=setting.training_samples,
        epochs=setting.epochs,
        form=setting.momentum_form,
    )


def _epoch_table(setting: PublishedSetting, table: StepTable) -> EpochTable:
    first = np.searchsorted(table.epoch, np.arange(table.epochs))
    steps = np.diff(np.append(first, table.steps))
    rates, betas = table.learning_rate[first], table.momentum[first]
    effective = effective_rate(setting.momentum_form, rate=rates, beta=betas)
    return EpochTable(
        first_step=tuple(first.tolist()),
        steps=tuple(steps.tolist()),
        batch_size=tuple(table.batch_size[first].tolist()),
        learning_rate=tuple(rates.tolist()),
        last_learning_rate=tuple(table.learning_rate[first + steps - 1].tolist()),
        effective_learning_rate=tuple(effective.tolist()),
        momentum=tuple(betas.tolist()),
    )
