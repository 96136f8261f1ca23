from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from planner.economics.propagation import (
    CumulativeBand,
    NpvBand,
    Odds,
    PaybackBand,
    Propagation,
    Scenarios,
    TornadoBar,
)
from planner.inference.success import HitRate
from planner.money import Money
from planner.refusal import Refusal
from planner.reviews.evidence import Evidence
from planner.reviews.verdict import choose, decide, hit_rate_gate

probabilities = st.floats(0, 1)


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


def some_odds(npv_positive: float, payback_in_time: float) -> Odds:
    return Odds(
        npv_positive=npv_positive,
        payback_in_time=payback_in_time,
        npv_positive_se=0.0,
        payback_in_time_se=0.0,
    )


def a_bar(name: str, swing: float, *, measured: bool = False) -> TornadoBar:
    return TornadoBar(
        name=name,
        low_value=0.0,
        high_value=1.0,
        npv_at_low=usd(0),
        npv_at_high=usd(swing),
        measured=measured,
    )


SPEED_UP_BAR = a_bar("speed_up", 900, measured=True)


def a_propagation(
    *,
    npv_positive: float = 0.95,
    payback_in_time: float = 0.95,
    known: tuple[float, float] = (1.0, 1.0),
    tornado: tuple[TornadoBar, ...] = (SPEED_UP_BAR,),
    mean: float = 1000.0,
    at_frozen_rates: tuple[float, float] | None = None,
    after_all_seeds: tuple[float, float] | None = None,
) -> Propagation:
    return Propagation(
        npv=NpvBand(low=usd(mean - 500), mid=usd(mean), high=usd(mean + 500), mean=usd(mean)),
        payback=PaybackBand(low_months=4.0, mid_months=6.0, high_months=None),
        odds=some_odds(npv_positive, payback_in_time),
        odds_known_speed_up=some_odds(*known),
        cumulative=CumulativeBand(currency="USD", low=(0.0,), mid=(0.0,), high=(0.0,)),
        tornado=tornado,
        scenarios=Scenarios(pessimistic=usd(0), base=usd(0), optimistic=usd(0)),
        npv_seed_sd=usd(400),
        odds_at_frozen_rates=some_odds(*at_frozen_rates) if at_frozen_rates else None,
        odds_after_all_seeds=some_odds(*after_all_seeds) if after_all_seeds else None,
    )


def hits(successes: int, runs: int = 5) -> HitRate:
    return HitRate(successes=successes, runs=runs)


def some_evidence(**changes) -> Evidence:
    fields = {
        "schedule": "growing batch",
        "propagation": a_propagation(),
        "quality": "non_inferior",
        "candidate_hits": hits(5),
        "baseline_hits": hits(5),
        "pairs": 5,
        "confirmed": True,
        "one_rate_only": False,
        "transferred": True,
        "price_dated": True,
        "look": 1,
        "looks": 1,
        "confidence": 0.8,
        "finalists": 1,
    }
    return Evidence(**{**fields, **changes})


def verdict(**changes) -> tuple[str, str]:
    facts = decide(some_evidence(**changes))
    return facts.kind, facts.reason


def test_a_candidate_that_passes_every_gate_is_adopted():
    facts = decide(some_evidence())
    assert (facts.kind, facts.reason, facts.schedule) == ("adopt", "pays_back", "growing batch")
    assert facts.npv_positive_probability == 0.95
    assert facts.required_probability == pytest.approx(0.8)
    assert facts.payback.high_months is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quality": "inferior"}, "quality_inferior"),
        ({"candidate_hits": hits(2)}, "hit_rate_low"),
        ({"candidate_hits": hits(0), "propagation": None}, "never_reached"),
        ({"propagation": a_propagation(npv_positive=0.2)}, "npv_negative"),
        ({"propagation": a_propagation(payback_in_time=0.0)}, "payback_too_late"),
    ],
)
def test_a_proven_fault_decides_against_a_candidate(changes, reason):
    assert verdict(**changes) == ("do_not_adopt", reason)


def test_a_late_payback_is_a_no_and_not_a_reason_to_extend():
    late = a_propagation(npv_positive=1.0, payback_in_time=0.0, known=(1.0, 0.0), tornado=())
    assert verdict(propagation=late) == ("do_not_adopt", "payback_too_late")


def test_savings_that_sour_are_a_no():
    soured = a_propagation(npv_positive=0.0, payback_in_time=0.0, known=(0.0, 0.0), mean=-842.0)
    assert verdict(propagation=soured) == ("do_not_adopt", "npv_negative")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"confirmed": False}, "exploratory"),
        ({"confirmed": False, "selecting": True}, "selection_unfinished"),
        ({"propagation": None, "pairs": 0, "selecting": True}, "selection_unfinished"),
        ({"propagation": a_propagation(npv_positive=0.7)}, "more_seeds"),
        ({"propagation": a_propagation(payback_in_time=0.7)}, "more_seeds"),
        ({"quality": "unresolved"}, "quality_unresolved"),
        ({"quality": "not_measured"}, "quality_not_measured"),
        ({"candidate_hits": hits(4)}, "hit_rate_unresolved"),
        ({"propagation": None}, "not_available"),
        ({"propagation": None, "candidate_hits": hits(2, 2), "pairs": 2}, "more_seeds"),
        ({"propagation": None, "candidate_hits": None, "pairs": 0}, "more_seeds"),
        ({"propagation": None, "baseline_hits": hits(0)}, "never_reached"),
    ],
)
def test_an_open_gate_extends_the_pilot_and_says_which(changes, reason):
    assert verdict(**changes) == ("extend", reason)


@pytest.mark.parametrize(
    ("at_frozen_rates", "after_all_seeds", "known", "reason"),
    [
        ((0.81, 0.81), (0.79, 0.81), (1.0, 1.0), "baseline_rate_unresolved"),
        ((0.81, 0.81), (0.81, 0.81), (1.0, 1.0), "more_seeds"),
        ((0.81, 0.79), (0.81, 0.81), (1.0, 1.0), "more_seeds"),
        ((0.81, 0.79), (0.79, 0.79), (1.0, 1.0), "baseline_rate_unresolved"),
        ((0.81, 0.79), (0.70, 0.70), (0.79, 0.79), "settle_assumption"),
        (None, None, (1.0, 1.0), "more_seeds"),
    ],
)
def test_todays_learning_rate_is_the_reason_where_no_seed_of_the_confirmation_would_do(
    at_frozen_rates, after_all_seeds, known, reason
):
    unsure = a_propagation(
        npv_positive=0.75,
        at_frozen_rates=at_frozen_rates,
        after_all_seeds=after_all_seeds,
        known=known,
        tornado=(SPEED_UP_BAR, a_bar("transfer", 100)),
    )
    assert verdict(propagation=unsure) == ("extend", reason)


def test_a_plan_without_any_price_asks_for_one_instead_of_refusing():
    nothing = usd(0)
    unpriced = replace(
        a_propagation(npv_positive=0.0),
        npv=NpvBand(low=nothing, mid=nothing, high=nothing, mean=nothing),
    )
    assert verdict(propagation=unpriced) == ("extend", "nothing_priced")
    assert verdict(propagation=unpriced, quality="inferior")[0] == "do_not_adopt"


def test_an_exploratory_pilot_may_refuse_but_never_adopt():
    assert verdict(confirmed=False, quality="inferior")[0] == "do_not_adopt"
    assert verdict(confirmed=False)[0] == "extend"


def test_when_no_seed_could_settle_it_the_largest_unmeasured_input_is_named():
    tornado = (SPEED_UP_BAR, a_bar("trainings_per_month", 700), a_bar("transfer", 600))
    undecided = a_propagation(npv_positive=0.6, known=(0.6, 0.95), tornado=tornado)
    facts = decide(some_evidence(propagation=undecided))
    assert (facts.kind, facts.reason) == ("extend", "settle_assumption")
    assert facts.settle == "trainings_per_month"
    assert (facts.largest_risk, facts.largest_risk_assumption) == (
        "assumption",
        "trainings_per_month",
    )


@pytest.mark.parametrize("known", [(0.95, 0.95), (0.1, 0.95), (0.95, 0.1)])
def test_when_a_known_speed_up_would_decide_more_seeds_are_asked_for(known):
    tornado = (SPEED_UP_BAR, a_bar("trainings_per_month", 700))
    undecided = a_propagation(npv_positive=0.6, known=known, tornado=tornado)
    facts = decide(some_evidence(propagation=undecided))
    assert (facts.reason, facts.settle) == ("more_seeds", None)


@pytest.mark.parametrize(
    ("looks", "finalists", "required"),
    [
        (1, 1, 0.80),
        (2, 1, 0.87),
        (3, 1, 0.90),
        (1, 2, 1 - 0.20 / 2),
        (2, 2, 1 - 0.13 / 2),
        (3, 2, 1 - 0.10 / 2),
    ],
)
def test_more_looks_and_a_second_finalist_ask_for_more(looks, finalists, required):
    evidence = some_evidence(looks=looks, finalists=finalists)
    assert decide(evidence).required_probability == pytest.approx(required)
    just_below = a_propagation(npv_positive=required - 0.001)
    assert decide(replace(evidence, propagation=just_below)).kind == "extend"
    just_above = a_propagation(npv_positive=required + 0.001, payback_in_time=required + 0.001)
    assert decide(replace(evidence, propagation=just_above)).kind == "adopt"


def test_a_second_finalist_makes_no_refusal_easier():
    doubtful = a_propagation(npv_positive=0.15)
    assert verdict(propagation=doubtful, finalists=2) == ("do_not_adopt", "npv_negative")
    assert verdict(propagation=a_propagation(npv_positive=0.21), finalists=2)[0] == "extend"


def test_five_of_five_hits_pass_beside_five_of_five():
    assert stats.beta.ppf(0.2, 5.5, 0.5) >= 5 / 5 - 0.2
    assert hit_rate_gate(some_evidence()) == "passed"
    assert hit_rate_gate(some_evidence(candidate_hits=hits(3, 3))) == "open"
    assert hit_rate_gate(some_evidence(candidate_hits=hits(3), baseline_hits=hits(2))) == "passed"
    assert hit_rate_gate(some_evidence(candidate_hits=None)) == "open"


@pytest.mark.parametrize(
    ("changes", "risk"),
    [
        ({"one_rate_only": True, "price_dated": False}, "one_learning_rate"),
        ({"candidate_hits": hits(3, 3)}, "few_seeds"),
        ({"price_dated": False}, "undated_price"),
        ({"transferred": False}, "no_production"),
        ({"propagation": a_propagation(tornado=(a_bar("transfer", 9),))}, "transfer"),
        ({}, "speed_up"),
    ],
)
def test_the_largest_risk_is_named(changes, risk):
    assert decide(some_evidence(**changes)).largest_risk == risk


def test_the_candidate_with_the_highest_expected_value_is_judged():
    small = some_evidence(schedule="small", propagation=a_propagation(mean=100))
    large = some_evidence(schedule="large", propagation=a_propagation(mean=900))
    unknown = some_evidence(schedule="unknown", propagation=None)
    assert choose([small, large, unknown]).schedule == "large"
    assert choose([unknown, small]).schedule == "small"
    assert choose([unknown]).schedule == "unknown"
    assert choose([]) is None


def test_a_candidate_with_worse_quality_is_judged_only_when_nothing_else_can_be():
    worse = some_evidence(schedule="worse", quality="inferior", propagation=a_propagation(mean=900))
    sound = some_evidence(schedule="sound", propagation=a_propagation(mean=100))
    assert choose([worse, sound]).schedule == "sound"
    assert choose([worse]).schedule == "worse"


@given(probabilities, probabilities, probabilities, probabilities)
def test_better_odds_never_turn_a_verdict_against_a_candidate(npv, payback, more_npv, more_payback):
    order = ("do_not_adopt", "extend", "adopt")
    before, _ = verdict(propagation=a_propagation(npv_positive=npv, payback_in_time=payback))
    better = a_propagation(
        npv_positive=max(npv, more_npv), payback_in_time=max(payback, more_payback)
    )
    after, _ = verdict(propagation=better)
    assert order.index(after) >= order.index(before)


def test_looks_count_from_one():
    with pytest.raises(Refusal) as refusal:
        some_evidence(look=0)
    assert (refusal.value.field, refusal.value.code) == ("look", "below_minimum")
