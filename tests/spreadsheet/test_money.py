"""NPV, IRR, ROI, payback, depreciation and tax against LibreOffice's own formulas, to the cent."""

from collections.abc import Callable
from functools import partial

import pytest

from planner.economics.assumptions import Assumptions
from planner.economics.cashflow import (
    CashFlows,
    discounted_payback,
    irr,
    npv,
    payback,
    roi,
)
from planner.economics.depreciation import declining_balance, straight_line
from planner.economics.investment import (
    TrainingComparison,
    investment,
    monthly_flows,
    training_value,
)
from planner.money import Money
from tests.spreadsheet.libreoffice import calculated
from tests.spreadsheet.money_cases import MoneyCase, money_cases
from tests.spreadsheet.sheet import Row, block, put_returns, put_written_off

CENT = 0.005
CASES = money_cases()
METHODS = {"straight_line": straight_line, "declining_balance": declining_balance}
WRITTEN_OFF = [
    (price, years, method)
    for price in (1_000_000.0, 2_345_678.0, 87_654_321.0)
    for years in (4, 5)
    for method in METHODS
]
TAXED = [
    (method, years, horizon, ramp)
    for method in METHODS
    for years, horizon, ramp in ((4, 24, 6), (5, 72, 0), (5, 30, 12))
]


def yen(amount: float) -> Money:
    return Money(amount=amount, currency="JPY")


def our_flows(case: MoneyCase) -> CashFlows:
    return CashFlows(currency="USD", amounts=case.flows)


def put_case(row: Row, case: MoneyCase) -> None:
    flows = row.put_all(case.flows)
    guesses = [round(rate, 2) for rate in irr(our_flows(case)).monthly_fractions]
    put_returns(row, flows, case.rate_per_year, guesses or [0.01])


def put_taxed(row: Row, method: str, years: int, horizon: int, ramp: int) -> None:
    """A saving of 90,000 a month for a machine of a million, taxed at 30 %."""
    off = put_written_off(row, 1_000_000, years, method)
    flows = [row.put("=-1000000-(50000+40*9000)*(1-0.3)")]
    for month in range(1, horizon + 1):
        year = (month - 1) // 12
        saved = f"0.3*{off[year]}/12" if year < years else "0"
        flow = f"=90000*MIN(1;{month}/{max(1, ramp)})*(1-0.3)+{saved}"
        if month == horizon:
            written = "+".join(
                f"{amount}*{min(1.0, max(0.0, horizon / 12 - place))}"
                for place, amount in enumerate(off)
            )
            flow += f"+100000-0.3*(100000-(1000000-({written})))"
        flows.append(row.put(flow))
    rate = row.put(0.08)
    row.put(f"={flows[0]}+NPV((1+{rate})^(1/12)-1;{block(flows[1:])})", "npv")


@pytest.fixture(scope="session")
def answers(sheet_folder) -> dict[object, dict[str, float | str]]:
    """What LibreOffice answers, by case and by name."""
    asked: dict[object, Callable[[Row], object]] = {
        **{case: partial(put_case, case=case) for case in CASES},
        **{
            found: partial(put_written_off, price=found[0], life_years=found[1], method=found[2])
            for found in WRITTEN_OFF
        },
        **{
            found: partial(
                put_taxed, method=found[0], years=found[1], horizon=found[2], ramp=found[3]
            )
            for found in TAXED
        },
    }
    rows = [Row(number) for number in range(1, len(asked) + 1)]
    for row, put in zip(rows, asked.values(), strict=True):
        put(row)
    lines = calculated([row.cells for row in rows], sheet_folder)
    return {
        case: {name: _value(line[place]) for name, place in row.places.items()}
        for case, row, line in zip(asked, rows, lines, strict=True)
    }


def _value(cell: str) -> float | str:
    per_cent = cell.endswith("%")
    try:
        return float(cell.rstrip("%")) / (100 if per_cent else 1)
    except ValueError:
        return cell


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_worth_return_and_payback_are_a_spreadsheets(answers, case):
    theirs, flows = answers[case], our_flows(case)
    assert npv(flows, case.rate_per_year).amount == pytest.approx(theirs["npv"], abs=CENT)
    expected = roi(flows)
    assert theirs["roi"] == ("none" if expected is None else pytest.approx(expected, abs=1e-9))
    for name, found in (
        ("payback", payback(flows)),
        ("discounted", discounted_payback(flows, case.rate_per_year)),
    ):
        months = "never" if found.months is None else pytest.approx(found.months, abs=1e-6)
        assert theirs[name] == months
        lost = found.lost_crossing_months
        assert theirs[f"{name}_lost"] == ("none" if lost is None else pytest.approx(lost, abs=1e-6))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_every_internal_rate_is_one_that_the_spreadsheet_finds(answers, case):
    theirs, ours = answers[case], irr(our_flows(case)).monthly_fractions
    assert len(ours) == theirs["sign_changes"]
    if not ours:
        assert str(theirs["irr0"]).startswith("Err:")
    for place, rate in enumerate(ours):
        assert theirs[f"irr{place}"] == pytest.approx(rate, abs=1e-8)
    if case.roots:
        assert ours == pytest.approx(case.roots, abs=1e-9)


@pytest.mark.parametrize("written_off", WRITTEN_OFF, ids=str)
def test_depreciation_is_what_the_spreadsheet_writes_off(answers, written_off):
    price, years, method = written_off
    ours = [year.amount for year in METHODS[method](yen(price), life_years=years)]
    assert ours == [answers[written_off][f"year{year + 1}"] for year in range(years)]


@pytest.mark.parametrize("taxed", TAXED, ids=str)
def test_a_plan_after_tax_is_worth_what_the_spreadsheet_says(answers, taxed):
    method, years, horizon, ramp = taxed
    assumptions = Assumptions(
        currency="JPY",
        trainings_per_month=9,
        ramp_months=ramp,
        engineer_rate_per_h=9000,
        adoption_engineer_h=40,
        retuning_trainings=0,
        validation_trainings=0,
        hardware_outlay=1_000_000,
        hardware_residual=100_000,
        tax_fraction=0.3,
        depreciation=method,
        useful_life_years=years,
        horizon_months=horizon,
    )
    training = TrainingComparison(
        training_h=10,
        device_count=10,
        candidate_device_count=10,
        overhead_fraction=0,
        price_per_device_h=yen(400),
    )
    flows = monthly_flows(
        investment(training, pilot_device_cost=yen(50_000), assumptions=assumptions),
        training_value(training, time_ratio=0.75, assumptions=assumptions),
        assumptions,
    )
    ours = npv(flows, assumptions.discount_rate_per_year).amount
    assert ours == pytest.approx(answers[taxed]["npv"], abs=CENT)
