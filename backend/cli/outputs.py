"""What commands answer in JSON, beside the planner's own values."""

from dataclasses import dataclass
from typing import Literal

from planner.economics.break_even import BreakEven
from planner.economics.energy import EnergyUse
from planner.economics.investment import Investment, TrainingValue
from planner.economics.propagation import Propagation
from planner.money import Money
from planner.schedules.schedule import Stage, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class StepColumns:
    """One value a step: what the trainer does there.

    Attributes:
        step: Zero-based.
        epoch: Zero-based.
        samples: Samples seen before the step.
        learning_rate: As the trainer's momentum form takes it.
        effective_learning_rate: Of the normalised form that walks the same path.
    """

    step: tuple[int, ...]
    epoch: tuple[int, ...]
    samples: tuple[int, ...]
    learning_rate: tuple[float, ...]
    effective_learning_rate: tuple[float, ...]
    batch_size: tuple[int, ...]
    momentum: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSchedule:
    """A schedule step by step, with its stages and the work it asks for.

    Attributes:
        capped_at_data: Whether a planned batch was larger than the data and became full batch.
    """

    name: str
    work: Work
    stages: tuple[Stage, ...]
    capped_at_data: bool
    steps: StepColumns


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPayback:
    """When the money is back for good.

    Attributes:
        months: 0 is immediately, None is never within the horizon.
        lost_crossing_months: First crossing that did not last.
    """

    kind: Literal["immediate", "after_months", "never"]
    months: float | None
    lasting: bool
    lost_crossing_months: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReturns:
    """Every internal rate of return; only ``one`` may be read as a return."""

    kind: Literal["none", "one", "several"]
    monthly_fractions: tuple[float, ...]
    annual_fractions: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFlows:
    """Monthly cash flows and everything that follows from them; month 0 is not discounted.

    Attributes:
        flows: Money in (positive) and out (negative), in ``currency``.
        cumulative: Running total after each month.
        discounted: Each flow at its worth in month 0.
        roi_fraction: Sum of all flows over the outlay of month 0; None without an outlay.
    """

    currency: str
    flows: tuple[float, ...]
    cumulative: tuple[float, ...]
    discounted: tuple[float, ...]
    discount_rate_per_year: float
    npv: Money
    irr: ShownReturns
    roi_fraction: float | None
    payback: ShownPayback
    discounted_payback: ShownPayback


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCost:
    """Hours and device cost of one training.

    Attributes:
        energy: Electricity and carbon; None where PUE, grid factor, load or power is not known.
    """

    training_h: float
    cost: Money
    energy: EnergyUse | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPlan:
    """A plan in money.

    Attributes:
        outlay: The part of the investment that counts, paid in month 0.
        value: What one training is worth under the candidate; three amounts and their sum.
        result: After tax, where a tax is assumed.
        result_before_tax: None where no tax is assumed.
        written_off: Depreciation of the hardware in each year; it is in no flow, it only saves
            tax. Empty without hardware.
        propagation: What the uncertain inputs leave possible: bands, odds, tornado, scenarios.
    """

    today: TrainingCost
    candidate: TrainingCost
    investment: Investment
    outlay: Money
    value: TrainingValue
    value_total: Money
    break_even: BreakEven
    result: ShownFlows
    result_before_tax: ShownFlows | None
    written_off: tuple[Money, ...]
    propagation: Propagation
