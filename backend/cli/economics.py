"""``paybatch economics``: cost, cash flows and what follows from them, without a server."""

import dataclasses
from pathlib import Path

import click

from backend.cli.files import read_data, write_json
from backend.cli.inputs import EconomicsFile, FlowsFile
from backend.cli.options import file_argument, language_option, out_option
from backend.cli.outputs import (
    ShownFlows,
    ShownPayback,
    ShownPlan,
    ShownReturns,
    TrainingCost,
)
from backend.wire.codec import decode, encode
from planner.economics.assumptions import Assumptions
from planner.economics.bought import written_off_by_year
from planner.economics.break_even import break_even
from planner.economics.cashflow import (
    CashFlows,
    Payback,
    discounted,
    discounted_payback,
    irr,
    npv,
    payback,
    roi,
)
from planner.economics.device_price import on_terms
from planner.economics.energy import estimated_use
from planner.economics.investment import (
    TrainingComparison,
    investment,
    monthly_flows,
    training_value,
)
from planner.economics.speed_up import AssumedSpeedUp, SpeedUp
from planner.economics.uncertainty import propagate
from planner.money import Money, exchange
from planner.refusal import require
from wording.language import Language

EXAMPLE = """\b
Example:
  paybatch economics plan.yaml --out economics.json

\b
FILE holds a plan:
  training:
    training_h: 12
    device_count: 8
    candidate_device_count: 8
    overhead_fraction: 0.05
    price_per_device_h: {amount: 3.99, currency: USD}
  candidate_training_h: 9        # or time_ratio: 0.74
  # or speed_up: {mean_log: -0.3, sd_log: 0.05, pairs: 5}, from paired seeds
  assumptions:
    currency: USD
    trainings_per_month: 20
    adoption_engineer_h: 40
    engineer_rate_per_h: 90
    horizon_months: 24
    tax_fraction: 0.3
    ranges:
      engineer_rate_per_h: {low: 70, high: 120}
      adoption_engineer_h: {low: 20, high: 90}
    correlations:
      names: [engineer_rate_per_h, adoption_engineer_h]
      matrix: [[1, 0.5], [0.5, 1]]
    facility: {pue: 1.3, grid_kg_per_kwh: 0.43, load_fraction: 0.8, as_of: 2026-11-24}
  board_w: 700                   # energy and carbon, estimated
  spot: {interruptions_per_device_h: 0.01, checkpoint_interval_h: 0.5, restart_h: 0.1}

\b
or cash flows as they are:
  flows: [-10000, 600, 600, 600]
  currency: USD
  discount_rate_per_year: 0.08
"""


@click.command(epilog=EXAMPLE)
@file_argument
@out_option
@language_option
def economics(file: Path, out: Path | None, language: Language) -> None:
    """Works out cost, cash flows, payback, NPV and IRR from FILE and answers in JSON.

    Money out is negative in cash flows and positive in costs. Month 0 is not discounted.
    """
    del language  # only refusals are told in a language here
    data = read_data(file)
    if isinstance(data, dict) and "flows" in data:
        given = decode(FlowsFile, data)
        flows = CashFlows(currency=given.currency, amounts=given.flows)
        write_json(encode(flows_in_full(flows, given.discount_rate_per_year)), out)
        return
    write_json(encode(plan_in_full(decode(EconomicsFile, data))), out)


def flows_in_full(flows: CashFlows, discount_rate_per_year: float) -> ShownFlows:
    """Everything that follows from cash flows alone."""
    returns = irr(flows)
    return ShownFlows(
        currency=flows.currency,
        flows=flows.amounts,
        cumulative=flows.cumulative,
        discounted=discounted(flows, discount_rate_per_year).amounts,
        discount_rate_per_year=discount_rate_per_year,
        npv=npv(flows, discount_rate_per_year),
        irr=ShownReturns(
            kind=returns.kind,
            monthly_fractions=returns.monthly_fractions,
            annual_fractions=returns.annual_fractions,
        ),
        roi_fraction=roi(flows),
        payback=_payback(payback(flows)),
        discounted_payback=_payback(discounted_payback(flows, discount_rate_per_year)),
    )


def plan_in_full(file: EconomicsFile) -> ShownPlan:
    """A plan's costs, its cash flows, where it breaks even, and what is uncertain about it."""
    assumptions = file.assumptions
    training = on_terms(
        _in_currency(file.training, assumptions),
        spot=file.spot,
        ownership=file.ownership,
        assumptions=assumptions,
    )
    measured = _speed_up(file)
    ratio = measured.time_ratio
    given = file.pilot_device_cost or Money(amount=0.0, currency=assumptions.currency)
    pilot_cost = exchange(given, assumptions.currency, assumptions.exchange_rates)
    outlay = investment(training, pilot_device_cost=pilot_cost, assumptions=assumptions)
    value = training_value(training, time_ratio=ratio, assumptions=assumptions)
    candidate_h = float(training.candidate_h(ratio))

    def flows(assumed: Assumptions) -> ShownFlows:
        made = monthly_flows(outlay, value, assumed)
        return flows_in_full(made, assumed.discount_rate_per_year)

    return ShownPlan(
        today=_training(file, training.training_h, training.device_count, training.cost_today),
        candidate=_training(
            file, candidate_h, training.candidate_device_count, training.candidate_cost(ratio)
        ),
        investment=outlay,
        outlay=outlay.counted,
        value=value,
        value_total=value.total,
        break_even=break_even(
            training, time_ratio=ratio, pilot_device_cost=pilot_cost, assumptions=assumptions
        ),
        result=flows(assumptions),
        result_before_tax=(
            flows(dataclasses.replace(assumptions, tax_fraction=0.0))
            if assumptions.tax_fraction
            else None
        ),
        written_off=(
            written_off_by_year(outlay.hardware, assumptions) if outlay.hardware.amount else ()
        ),
        propagation=propagate(
            training,
            speed_up=measured,
            pilot_device_cost=pilot_cost,
            assumptions=assumptions,
            transferred=file.transferred,
        ),
    )


def _training(
    file: EconomicsFile, training_h: float, device_count: float, cost: Money
) -> TrainingCost:
    energy = estimated_use(
        training_h * device_count, board_w=file.board_w, facility=file.assumptions.facility
    )
    return TrainingCost(training_h=training_h, cost=cost, energy=energy)


def _in_currency(training: TrainingComparison, assumptions: Assumptions) -> TrainingComparison:
    price = exchange(training.price_per_device_h, assumptions.currency, assumptions.exchange_rates)
    return dataclasses.replace(training, price_per_device_h=price)


def _speed_up(file: EconomicsFile) -> SpeedUp:
    """The candidate's share of the time that a schedule can change."""
    ways = (file.time_ratio, file.candidate_training_h, file.speed_up)
    given = sum(way is not None for way in ways)
    other = "candidate_training_h" if file.speed_up is None else "speed_up"
    require(given == 1, "time_ratio", "one_of_two", other=other)
    if file.speed_up is not None:
        return file.speed_up
    if file.time_ratio is not None:
        return AssumedSpeedUp(time_ratio=file.time_ratio)
    overhead = file.training.overhead_fraction
    ratio = (file.candidate_training_h or 0.0) / file.training.training_h
    require(ratio > overhead, "candidate_training_h", "shorter_than_overhead")
    return AssumedSpeedUp(time_ratio=(ratio - overhead) / (1 - overhead))


def _payback(found: Payback) -> ShownPayback:
    return ShownPayback(
        kind=found.kind,
        months=found.months,
        lasting=found.lasting,
        lost_crossing_months=found.lost_crossing_months,
    )
