"""Pilots side by side: who is shown, along which axis, and what can not be laid over each other."""

from dataclasses import replace

import pytest

from planner.economics.energy import Facility
from planner.line_ups.entrant import Participant
from planner.line_ups.line_up import LineUp, line_up
from planner.line_ups.line_up_request import BaselineChoice, LineUpRequest, PilotChoice
from planner.money import ExchangeRate
from planner.pilots.run import Attempt
from planner.refusal import Refusal
from planner.reviews.judged import judge
from planner.reviews.review import make_review
from planner.reviews.review_input import ReviewInput
from tests.support.known_pilot import (
    EPOCHS,
    GROWING,
    SAMPLES,
    T_22,
    TODAY,
    known_pilot,
    records_of,
    review_input,
)

AT = {"today": [6.0, 6.5, 7.0, 7.5, 8.0], "large": [9.0, 9.0, 9.0, 9.0, 9.0]}


def given(**changes: object) -> ReviewInput:
    pilot = known_pilot(**changes)
    runs = [run for name, at in AT.items() for run in records_of(pilot, name, at)]
    return review_input(pilot, runs)


def taking_part(given: ReviewInput, place: int = 0, **choice: object) -> Participant:
    chosen = PilotChoice(pilot_id=f"pilot-{place}", **choice)  # type: ignore[arg-type]
    return Participant(place=place, choice=chosen, judged=judge(given), review=make_review(given))


def together(*who: Participant, **asked: object) -> LineUp:
    request = LineUpRequest(pilots=tuple(one.choice for one in who), **asked)  # type: ignore[arg-type]
    return line_up(who, request)


ONE = taking_part(given())
OTHER = taking_part(given(name="Second"), 1)


def test_the_baseline_comes_first_and_the_rest_keep_their_order():
    found = together(ONE, OTHER, baseline=BaselineChoice(pilot_id="pilot-1", schedule="large"))
    assert [(one.pilot_id, one.schedule) for one in found.entries] == [
        ("pilot-1", "large"),
        ("pilot-0", "today"),
        ("pilot-0", "large"),
        ("pilot-1", "today"),
    ]
    assert [one.pinned for one in found.entries] == [True, False, False, False]
    assert [series.role for series in found.charts[0].series] == ["baseline", *["candidate"] * 3]


def test_without_a_choice_the_first_pilots_own_baseline_is_pinned():
    assert together(ONE).entries[0].schedule == "today"
    without = taking_part(given(), schedules=("large",))
    assert [one.schedule for one in together(without).entries] == ["large"]


def test_lines_are_named_apart():
    assert [one.name for one in together(ONE).entries] == ["today", "large"]
    names = [one.name for one in together(ONE, OTHER).entries]
    assert names[1:3] == ["2. large · Digits, growing batch", "3. today · Second"]


def test_lines_of_pilots_of_one_name_begin_with_which_of_them_it_is():
    names = [one.name for one in together(ONE, taking_part(given(), 1)).entries]
    assert names[1:3] == [
        "2. (1) large · Digits, growing batch (1)",
        "3. (2) today · Digits, growing batch (2)",
    ]


def test_a_line_is_the_mean_of_its_seeds_with_the_lowest_and_the_highest():
    series = together(ONE).charts[0].series[0]
    # losses are 0.5 x 2^(at - epoch); at epoch 0 the seeds begin at 0.5 x 2^6.0 ... 0.5 x 2^8.0
    starts = [0.5 * 2**at for at in AT["today"]]
    assert series.y[0] == pytest.approx(sum(starts) / 5)
    assert (series.low[0], series.high[0]) == pytest.approx((min(starts), max(starts)))


@pytest.mark.parametrize(
    ("along", "end"),
    [
        ("epoch", EPOCHS),
        ("step", EPOCHS * 49),
        ("sample", EPOCHS * SAMPLES),
        ("second", EPOCHS * 49 * T_22),
    ],
)
def test_the_x_axis_counts_what_was_asked_for(along, end):
    series = together(ONE, along=along).charts[0].series[0]
    assert series.x[0] == 0
    assert series.x[-1] == pytest.approx(end)


def test_money_at_the_mean_time_to_target_is_what_a_training_costs():
    money, seconds = (
        together(ONE, along=along).charts[0].series[0].x[-1] for along in ("money", "second")
    )
    entry = together(ONE).entries[0]
    mean_s = entry.measured.mean_time_to_target_s
    # the batch is constant, so money is proportional to seconds
    assert money / seconds * mean_s == pytest.approx(entry.cost.cost.amount)


def test_money_of_another_currency_is_exchanged_or_said_to_be_missing():
    rate = ExchangeRate(base="USD", quote="JPY", rate=150.0, as_of="2026-11-24")
    own = given()
    known = replace(own, assumptions=replace(own.assumptions, exchange_rates=(rate,)))
    dollars = together(ONE, along="money")
    yen = together(taking_part(known), along="money", currency="JPY")
    ends = [found.charts[0].series[0].x[-1] for found in (dollars, yen)]
    assert ends[1] == pytest.approx(150 * ends[0])
    assert yen.entries[0].cost.cost.currency == "JPY"
    unknown = together(ONE, along="money", currency="JPY")
    assert {one.lacking for one in unknown.entries} == {"not_exchanged"}
    assert unknown.charts[0].series == ()
    assert unknown.entries[0].cost is None


def test_energy_is_measured_where_meters_read_it():
    own = given()
    metered = [
        replace(run, attempts=(replace(run.attempts[0], wall_clock_s=2.0, energy_j=400.0),))
        for run in own.records
    ]
    found = together(taking_part(replace(own, records=tuple(metered))), along="energy")
    # 400 J in 2 s are 200 W
    assert found.charts[0].series[0].x[-1] == pytest.approx(200 * EPOCHS * 49 * T_22 / 3.6e6)
    assert not found.entries[0].energy_estimated
    mean_s = found.entries[0].measured.mean_time_to_target_s
    assert found.entries[0].energy_to_target_kwh == pytest.approx(200 * mean_s / 3.6e6)


def test_energy_is_estimated_from_board_power_and_said_to_be():
    own = given()
    facility = Facility(pue=1.2, grid_kg_per_kwh=0.4, as_of="2026-11-01", load_fraction=0.5)
    estimated = replace(
        own,
        assumptions=replace(own.assumptions, facility=facility),
        pilot_rate=replace(own.pilot_rate, board_w=600.0),
    )
    found = together(taking_part(estimated), along="energy")
    assert found.charts[0].series[0].x[-1] == pytest.approx(300 * EPOCHS * 49 * T_22 / 3.6e6)
    assert found.entries[0].energy_estimated
    unknown = together(ONE, along="energy")
    assert {one.lacking for one in unknown.entries} == {"power_unknown"}
    assert unknown.entries[0].energy_to_target_kwh is None


def test_schedules_are_drawn_as_they_are_planned():
    batch = together(ONE, shown="batch_size").charts[0]
    assert [set(series.y) for series in batch.series] == [{22.0}, {154.0}]
    rate = together(ONE, shown="learning_rate").charts[0]
    assert {value for series in rate.series for value in series.y} == {0.1}


def test_a_batch_jumps_upright_between_two_steps():
    pilot = known_pilot(schedules=[TODAY, GROWING])
    runs = records_of(pilot, "today", AT["today"]) + records_of(pilot, "growing", AT["large"])
    found = together(taking_part(review_input(pilot, runs)), along="step", shown="batch_size")
    growing = found.charts[0].series[1]
    # four epochs of 49 steps at 22, then 16 epochs of 7 steps at 154
    assert [y for x, y in zip(growing.x, growing.y, strict=True) if x == 4 * 49] == [22, 154]
    assert (growing.x[-1], growing.y[-1]) == (4 * 49 + 16 * 7, 154)


def test_pilots_of_different_metrics_have_charts_of_their_own():
    accuracy = given(
        name="Second",
        target={"metric": "validation_accuracy", "value": 0.9, "direction": "above"},
    )
    found = together(ONE, taking_part(accuracy, 1))
    assert [chart.y.label for chart in found.charts] == [
        "metric.validation_loss",
        "metric.validation_accuracy",
    ]
    assert [one.group for one in found.entries] == [0, 0, 1, 1]
    assert [chart.y.logarithmic for chart in found.charts] == [True, False]
    assert [[one.role for one in chart.series] for chart in found.charts] == [
        ["baseline", "candidate"]
    ] * 2
    both = together(ONE, taking_part(accuracy, 1), shown="validation_loss")
    assert len(both.charts) == 1
    assert "target" not in both.charts[0].params


def test_a_metric_that_was_never_evaluated_is_said_to_be():
    found = together(ONE, shown="perplexity")
    assert {one.lacking for one in found.entries} == {"never_evaluated"}


def test_chosen_runs_have_no_verdict_and_no_money():
    own = given()
    chosen = tuple(run.run_id for run in own.records if run.run.schedule == "large")[:2]
    (entry,) = together(taking_part(own, run_ids=chosen)).entries
    assert (entry.schedule, entry.seeds, entry.measured.runs) == ("large", (11, 12), 2)
    assert (entry.as_reviewed, entry.cost, entry.payback, entry.verdict) == (False, *[None] * 3)
    whole = together(ONE).entries[1]
    assert whole.as_reviewed
    assert whole.verdict == ONE.review.verdict.kind
    assert whole.payback.months == ONE.review.schedules[1].case.payback.months


def test_a_run_that_is_still_going_is_not_in_a_line():
    own = given()
    going = [replace(run, status="running") if run.run.seed == 11 else run for run in own.records]
    found = together(taking_part(replace(own, records=tuple(going))))
    assert [one.seeds for one in found.entries] == [(12, 13, 14, 15)] * 2


@pytest.mark.parametrize(
    ("choice", "asked", "field", "code"),
    [
        ({"schedules": ("none",)}, {}, "pilots[0].schedules[0]", "schedule_not_in_pilot"),
        ({"run_ids": ("none",)}, {}, "pilots[0].run_ids[0]", "run_not_in_pilot"),
        (
            {"schedules": ("large",)},
            {"baseline": BaselineChoice(pilot_id="pilot-0", schedule="today")},
            "baseline",
            "baseline_not_in_line_up",
        ),
    ],
)
def test_what_is_not_there_is_refused_at_its_field(choice, asked, field, code):
    with pytest.raises(Refusal) as refused:
        together(taking_part(given(), **choice), **asked)
    assert (refused.value.field, refused.value.code) == (field, code)


@pytest.mark.parametrize(
    ("pilots", "field", "code"),
    [
        ((), "pilots", "empty"),
        (tuple(PilotChoice(pilot_id=str(n)) for n in range(51)), "pilots", "above_maximum"),
        (
            (PilotChoice(pilot_id="a"), PilotChoice(pilot_id="a")),
            "pilots[1].pilot_id",
            "chosen_twice",
        ),
    ],
)
def test_a_request_names_a_few_different_pilots(pilots, field, code):
    with pytest.raises(Refusal) as refused:
        LineUpRequest(pilots=pilots)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_more_than_five_hundred_runs_are_refused():
    crowd = [
        replace(ONE, place=place, choice=PilotChoice(pilot_id=f"p{place}")) for place in range(50)
    ]
    assert len(together(*crowd).entries) == 100  # 50 pilots x 2 schedules x 5 seeds = 500 runs
    pilot = known_pilot(seeds={"confirmation": list(range(11, 17))})
    six = records_of(pilot, "today", [6.0] * 6) + records_of(pilot, "large", [9.0] * 6)
    crowd[-1] = taking_part(review_input(pilot, six), 49)
    with pytest.raises(Refusal) as refused:
        together(*crowd)
    assert (refused.value.field, refused.value.code) == ("pilots", "too_many_runs")


def test_a_line_of_many_evaluations_hides_no_spike():
    own = given(evaluation={"every": "1ba"})
    spiked = own.records[0]
    at = 333
    high = replace(
        spiked.measurements[at],
        metrics={**spiked.measurements[at].metrics, "validation_loss": 999.0},
    )
    measured = (*spiked.measurements[:at], high, *spiked.measurements[at + 1 :])
    spiked = replace(spiked, measurements=measured)
    series = (
        together(taking_part(replace(own, records=(spiked, *own.records[1:])))).charts[0].series[0]
    )
    assert len(series.x) == 400  # of 981 evaluations
    assert max(series.high) == 999.0
    assert (series.x[0], series.x[-1]) == (0, EPOCHS)


def test_attempts_that_were_repeated_count_as_in_a_review():
    own = given()
    again = replace(
        own.records[0],
        attempts=(
            Attempt(number=1, from_step=0, to_step=100, evaluations=2),
            Attempt(number=2, from_step=98, to_step=980, evaluations=19),
        ),
    )
    found = together(taking_part(replace(own, records=(again, *own.records[1:]))))
    assert found.entries[0].measured.runs == 5
