import json

import pytest
from click.testing import CliRunner

from backend.cli import main

PLAN = {
    "training": {
        "training_h": 12,
        "device_count": 8,
        "candidate_device_count": 8,
        "overhead_fraction": 0.05,
        "price_per_device_h": {"amount": 4, "currency": "USD"},
    },
    "assumptions": {
        "currency": "USD",
        "trainings_per_month": 20,
        "engineer_rate_per_h": 90,
        "adoption_engineer_h": 40,
        "retuning_trainings": 2,
        "validation_trainings": 1,
        "horizon_months": 24,
        "discount_rate_per_year": 0,
    },
}


@pytest.fixture
def economics(tmp_path):
    def run(data, *options):
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(data), encoding="utf-8")
        return CliRunner().invoke(main, ["economics", str(file), "--lang", "en", *options])

    return run


def test_flows_are_worth_what_a_financial_calculator_says(economics):
    data = {"flows": [-10_000, *[600] * 24], "currency": "USD", "discount_rate_per_year": 0.08}
    shown = json.loads(economics(data).stdout)
    assert shown["npv"] == {"amount": pytest.approx(3303.746852), "currency": "USD"}
    assert shown["irr"]["monthly_fractions"] == [pytest.approx(0.0314912663)]
    assert shown["irr"]["annual_fractions"] == [pytest.approx(0.450730232)]
    assert shown["payback"]["months"] == pytest.approx(16 + 400 / 600)
    assert shown["discounted_payback"]["months"] == pytest.approx(17.6871325)
    assert shown["roi_fraction"] == pytest.approx(0.44)


def test_a_payback_that_is_lost_again_is_never(economics):
    shown = json.loads(economics({"flows": [-1000, *[250] * 6, *[-50] * 30]}).stdout)
    assert shown["payback"] == {
        "months": None,
        "lost_crossing_months": 4.0,
        "kind": "never",
        "lasting": False,
    }


def test_a_plan_is_priced_from_its_hours(economics):
    shown = json.loads(economics({**PLAN, "candidate_training_h": 9}).stdout)
    assert shown["today"]["cost"]["amount"] == pytest.approx(12 * 8 * 4)
    assert shown["candidate"]["cost"]["amount"] == pytest.approx(9 * 8 * 4)
    outlay = 40 * 90 + (2 + 1) * 12 * 8 * 4
    monthly = 20 * 3 * 8 * 4
    result = shown["result"]
    assert result["flows"] == pytest.approx([-outlay, *[monthly] * 24])
    assert result["npv"]["amount"] == pytest.approx(24 * monthly - outlay)
    assert result["payback"]["months"] == pytest.approx(outlay / monthly)


def test_hours_and_their_ratio_say_the_same(economics):
    by_hours = json.loads(economics({**PLAN, "candidate_training_h": 9}).stdout)
    ratio = (9 / 12 - 0.05) / (1 - 0.05)
    by_ratio = json.loads(economics({**PLAN, "time_ratio": ratio}).stdout)
    assert by_ratio["result"]["flows"] == pytest.approx(by_hours["result"]["flows"])


def test_a_plan_says_either_hours_or_a_ratio(economics):
    answer = economics({**PLAN, "candidate_training_h": 9, "time_ratio": 0.7})
    assert answer.exit_code == 2
    assert answer.stderr.startswith('time_ratio: Enter either this or "candidate_training_h"')


def test_prices_in_another_currency_need_a_rate(economics):
    yen = {**PLAN, "candidate_training_h": 9, "assumptions": {**PLAN["assumptions"]}}
    yen["assumptions"]["currency"] = "JPY"
    refused = economics(yen)
    assert refused.exit_code == 2
    assert "No exchange rate from USD to JPY" in refused.stderr
    yen["assumptions"]["exchange_rates"] = [
        {"base": "USD", "quote": "JPY", "rate": 150, "as_of": "2026-11-24"}
    ]
    shown = json.loads(economics(yen).stdout)
    assert shown["today"]["cost"] == {"amount": 12 * 8 * 4 * 150, "currency": "JPY"}


def test_flows_that_are_no_numbers_are_refused_at_their_place(economics):
    answer = economics({"flows": [1, "many"]})
    assert answer.exit_code == 2
    assert answer.stderr.startswith("flows[1]: ")


WHOLE_PLAN = {
    **PLAN,
    "speed_up": {"mean_log": -0.3, "sd_log": 0.05, "pairs": 5},
    "board_w": 700,
    "assumptions": {
        **PLAN["assumptions"],
        "currency": "USD",
        "hardware_outlay": 1_000_000,
        "tax_fraction": 0.3,
        "depreciation": "declining_balance",
        "ranges": {
            "engineer_rate_per_h": {"low": 70, "high": 120},
            "adoption_engineer_h": {"low": 20, "high": 90},
        },
        "correlations": {
            "names": ["engineer_rate_per_h", "adoption_engineer_h"],
            "matrix": [[1, 0.5], [0.5, 1]],
        },
        "facility": {
            "pue": 1.3,
            "grid_kg_per_kwh": 0.43,
            "load_fraction": 0.8,
            "as_of": "2026-11-24",
        },
    },
}


def test_a_plan_shows_what_is_uncertain_before_and_after_tax(economics):
    shown = json.loads(economics(WHOLE_PLAN).stdout)
    written_off = [year["amount"] for year in shown["written_off"]]
    assert written_off == [400_000, 240_000, 144_000, 108_000, 107_999]
    after, before = shown["result"]["flows"], shown["result_before_tax"]["flows"]
    assert after[1] == pytest.approx(0.7 * before[1] + 0.3 * 400_000 / 12)
    propagation = shown["propagation"]
    names = [bar["name"] for bar in propagation["tornado"]]
    assert sorted(names) == ["adoption_engineer_h", "engineer_rate_per_h", "speed_up"]
    scenarios = [propagation["scenarios"][kind]["amount"] for kind in ("pessimistic", "optimistic")]
    assert scenarios == sorted(scenarios)


def test_energy_and_carbon_of_a_plan_are_estimated_and_say_so(economics):
    energy = json.loads(economics(WHOLE_PLAN).stdout)["today"]["energy"]
    assert energy["estimated"]
    assert energy["energy_kwh"] == pytest.approx(12 * 8 * 0.7 * 0.8)
    assert energy["carbon_kg"] == pytest.approx(12 * 8 * 0.7 * 0.8 * 1.3 * 0.43)


def test_interruptions_lengthen_a_plans_trainings(economics):
    spot = {"interruptions_per_device_h": 0.05, "checkpoint_interval_h": 0.5, "restart_h": 0.1}
    shown = json.loads(economics({**PLAN, "time_ratio": 0.75, "spot": spot}).stdout)
    assert shown["today"]["training_h"] == pytest.approx(12 * 1.15129434)


def test_correlations_that_cannot_be_are_refused_with_what_to_change(economics):
    wrong = {"names": ["engineer_rate_per_h"], "matrix": [[0.9]]}
    answer = economics({**PLAN, "assumptions": {**PLAN["assumptions"], "correlations": wrong}})
    assert answer.exit_code == 2
    assert answer.stderr.startswith("assumptions.correlations.matrix[0][0]: ")


def test_a_speed_up_from_seeds_and_a_ratio_are_not_given_together(economics):
    answer = economics({**WHOLE_PLAN, "time_ratio": 0.7})
    assert answer.stderr.startswith('time_ratio: Enter either this or "speed_up"')
