"""``paybatch economics``: cost, cash flows and what follows from them, without a server."""

import dataclasses
from pathlib import Path
from typing import Any

import click

from backend.cli.files import read_data, write_json
from backend.cli.inputs import EconomicsFile, FlowsFile
from backend.cli.options import file_argument, language_option, out_option
from backend.codec import decode, encode
from planner.break_even import break_even
from planner.cashflow import (
    CashFlows,
    Payback,
    discounted,
    discounted_payback,
    irr,
    npv,
    payback,
    roi,
)
from planner.investment import (
    TrainingComparison,
    TrainingValue,
    investment,
    monthly_flows,
    training_value,
)
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
  assumptions: {currency: USD, trainings_per_month: 20, adoption_engineer_h: 40,
                engineer_rate_per_h: 90, horizon_months: 24}

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
        write_json(worth_of(flows, given.discount_rate_per_year), out)
        return
    write_json(_plan(decode(EconomicsFile, data)), out)


def worth_of(flows: CashFlows, discount_rate_per_year: float) -> dict[str, Any]:
    """Everything that follows from cash flows alone."""
    returns = irr(flows)
    return {
        "currency": flows.currency,
        "flows": list(flows.amounts),
        "cumulative": list(flows.cumulative),
        "discounted": list(discounted(flows, discount_rate_per_year).amounts),
        "discount_rate_per_year": discount_rate_per_year,
        "npv": npv(flows, discount_rate_per_year).amount,
        "irr": {
            "kind": returns.kind,
            "monthly_fractions": list(returns.monthly_fractions),
            "annual_fractions": list(returns.annual_fractions),
        },
        "roi_fraction": roi(flows),
        "payback": _payback(payback(flows)),
        "discounted_payback": _payback(discounted_payback(flows, discount_rate_per_year)),
    }


def _plan(file: EconomicsFile) -> dict[str, Any]:
    assumptions = file.assumptions
    training = _in_currency(file.training, file)
    time_ratio = _time_ratio(file)
    pilot_cost = file.pilot_device_cost or Money(amount=0.0, currency=assumptions.currency)
    pilot_cost = exchange(pilot_cost, assumptions.currency, assumptions.exchange_rates)
    outlay = investment(training, pilot_device_cost=pilot_cost, assumptions=assumptions)
    value = training_value(training, time_ratio=time_ratio, assumptions=assumptions)
    flows = monthly_flows(outlay, value, assumptions)
    candidate_h = float(training.candidate_h(time_ratio))
    candidate_cost = training.price_per_device_h * (training.candidate_device_count * candidate_h)
    breaks_even = break_even(
        training, time_ratio=time_ratio, pilot_device_cost=pilot_cost, assumptions=assumptions
    )
    return {
        "cost_per_training": {
            "today_h": training.training_h,
            "today": encode(training.cost_today),
            "candidate_h": candidate_h,
            "candidate": encode(candidate_cost),
        },
        "investment": {**encode(outlay), "counted": encode(outlay.counted)},
        "value_per_training": _value(value),
        "break_even": encode(breaks_even),
        **worth_of(flows, assumptions.discount_rate_per_year),
    }


def _in_currency(training: TrainingComparison, file: EconomicsFile) -> TrainingComparison:
    assumptions = file.assumptions
    price = exchange(training.price_per_device_h, assumptions.currency, assumptions.exchange_rates)
    return dataclasses.replace(training, price_per_device_h=price)


def _time_ratio(file: EconomicsFile) -> float:
    """The candidate's share of the time that a schedule can change."""
    given = (file.time_ratio is not None) + (file.candidate_training_h is not None)
    require(given == 1, "time_ratio", "one_of_two", other="candidate_training_h")
    if file.time_ratio is not None:
        return file.time_ratio
    overhead = file.training.overhead_fraction
    ratio = (file.candidate_training_h or 0.0) / file.training.training_h
    require(ratio >= overhead, "candidate_training_h", "shorter_than_overhead")
    return (ratio - overhead) / (1 - overhead)


def _value(value: TrainingValue) -> dict[str, Any]:
    return {**encode(value), "total": encode(value.total)}


def _payback(found: Payback) -> dict[str, Any]:
    return {**encode(found), "kind": found.kind, "lasting": found.lasting}
