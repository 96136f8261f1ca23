from dataclasses import replace

from planner.pilots.course import courses
from planner.pilots.seeds import Seeds
from planner.pilots.workload import BUILT_IN
from planner.reviews.race import judge_races
from planner.reviews.sweep import rate_rankings, restricted_time_s
from tests.support.measured_pilots import a_pilot, a_record, a_review_input

HALF_LIVES = {
    ("today", 1.0): 0.10,
    ("growing batch", 1.0): 0.08,
    ("today", 2.0): 0.07,
    ("growing batch", 2.0): 0.50,
}
"""At rate 1 growing is faster, at rate 2 it never arrives within its 100 % of the samples."""


def swept_races():
    seeds = Seeds(selection=(1, 2), confirmation=(11, 12, 13, 14, 15))
    pilot = a_pilot(seeds=seeds, rate_multipliers=(1.0, 2.0))
    given = a_review_input({"today": 0.1, "growing batch": 0.08})
    laid_out = courses(pilot, BUILT_IN[pilot.workload], given.throughput, given.micro_batch_plan)
    records = [
        a_record(
            pilot,
            schedule,
            seed,
            HALF_LIVES[schedule.name, rate],
            purpose="selection",
            rate_multiplier=rate,
        )
        for schedule in pilot.schedules
        for rate in (1.0, 2.0)
        for seed in (1, 2)
    ]
    return judge_races(records, pilot, laid_out, evaluation_s=0.0), laid_out


def test_the_ranking_flips_where_another_schedule_is_faster():
    races, laid_out = swept_races()
    budget_s = max(course.training_s for course in laid_out.values())
    first, second = rate_rankings(races, budget_s=budget_s)
    assert first.rate_multiplier == 1.0
    assert first.fastest_first == ("growing batch", "today")
    assert second.rate_multiplier == 2.0
    assert second.fastest_first == ("today",)


def test_a_run_that_never_arrives_counts_as_the_budget():
    races, _ = swept_races()
    lost = [race for race in races if race.crossing is None]
    assert len(lost) == 2
    assert restricted_time_s(lost, 7.0) == 7.0


def test_confirmation_runs_are_no_part_of_the_sweep():
    races, _ = swept_races()
    confirmed = [replace(race, purpose="confirmation") for race in races]
    assert rate_rankings(confirmed, budget_s=1.0) == ()
