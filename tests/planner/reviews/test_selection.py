import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.reviews.selection import Selection, Trial, required_confidence, select


def a_trial(
    schedule: str,
    multiplier: float,
    time_s: float | None,
    *,
    seed: int = 1,
    final: float | None = 0.2,
) -> Trial:
    return Trial(
        schedule=schedule,
        rate_multiplier=multiplier,
        seed=seed,
        time_s=time_s,
        final_value=final,
    )


def select_below(*trials: Trial, budget_s: float = 100.0) -> Selection:
    return select(trials, baseline="today", budget_s=budget_s, direction="below")


def test_every_schedule_gets_the_multiplier_with_the_lowest_mean_time():
    selection = select_below(
        a_trial("today", 1, 50, seed=1),
        a_trial("today", 1, 70, seed=2),
        a_trial("today", 2, 40, seed=1),
        a_trial("today", 2, 90, seed=2),
        a_trial("growing", 1, 60),
        a_trial("growing", 2, 30),
    )
    assert selection.selected == {"today": 1, "growing": 2}


def test_a_run_that_did_not_reach_the_target_counts_with_the_whole_budget():
    selection = select_below(
        a_trial("today", 1, 60, seed=1),
        a_trial("today", 1, 60, seed=2),
        a_trial("today", 2, 10, seed=1),
        a_trial("today", 2, None, seed=2),
        budget_s=100,
    )
    assert (60 + 60) / 2 > (10 + 100) / 2
    assert selection.selected == {"today": 2}
    wider = select_below(
        a_trial("today", 1, 60, seed=1),
        a_trial("today", 1, 60, seed=2),
        a_trial("today", 2, 10, seed=1),
        a_trial("today", 2, None, seed=2),
        budget_s=120,
    )
    assert (60 + 60) / 2 < (10 + 120) / 2
    assert wider.selected == {"today": 1}


def test_when_no_run_reached_the_target_the_best_final_value_decides():
    selection = select_below(
        a_trial("today", 0.5, None, final=0.9),
        a_trial("today", 1, None, final=0.6),
        a_trial("today", 2, None, final=0.5),
    )
    assert selection.selected == {"today": 2}


def test_a_higher_final_accuracy_is_better():
    trials = [a_trial("today", 1, None, final=0.8), a_trial("today", 2, None, final=0.9)]
    selection = select(trials, baseline="today", budget_s=10, direction="above")
    assert selection.selected == {"today": 2}


def test_a_diverged_run_without_final_value_loses_the_tie():
    selection = select_below(
        a_trial("today", 1, None, final=0.9), a_trial("today", 2, None, final=None)
    )
    assert selection.selected == {"today": 1}


def test_equal_results_are_parted_by_closeness_to_one_in_factors():
    selection = select_below(
        a_trial("today", 0.25, None), a_trial("today", 2, None), a_trial("today", 4, None)
    )
    assert selection.selected == {"today": 2}


def test_the_best_multiplier_at_either_end_of_the_grid_is_flagged():
    def best_of(place: int) -> Selection:
        grid = (0.5, 1.0, 2.0)
        return select_below(
            *(a_trial("today", factor, 10 if i == place else 50) for i, factor in enumerate(grid))
        )

    assert best_of(0).at_edge == ("today",)
    assert best_of(1).at_edge == ()
    assert best_of(2).at_edge == ("today",)


def test_a_single_multiplier_has_no_edge():
    assert select_below(a_trial("today", 1, 10)).at_edge == ()


def test_the_two_fastest_candidates_are_the_finalists_and_the_baseline_is_none():
    selection = select_below(
        a_trial("today", 1, 5),
        a_trial("a", 1, 30),
        a_trial("b", 1, 10),
        a_trial("c", 1, 40),
        a_trial("c", 2, 20),
    )
    assert selection.finalists == ("b", "c")


def test_candidates_that_never_reached_the_target_follow_by_final_value():
    selection = select_below(
        a_trial("today", 1, 50),
        a_trial("a", 1, None, final=0.5),
        a_trial("b", 1, None, final=0.3),
        a_trial("c", 1, 99, final=0.9),
    )
    assert selection.finalists == ("c", "b")


def test_results_without_the_baseline_are_refused():
    with pytest.raises(Refusal) as refusal:
        select_below(a_trial("growing", 1, 10))
    assert (refusal.value.field, refusal.value.code) == ("baseline", "schedule_not_selected")


def test_a_trial_with_a_time_that_is_no_number_is_refused():
    with pytest.raises(Refusal) as refusal:
        a_trial("today", 1, float("nan"))
    assert (refusal.value.field, refusal.value.code) == ("time_s", "not_finite")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["today", "a", "b"]),
            st.sampled_from([0.5, 1.0, 2.0]),
            st.none() | st.integers(1, 100),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([0.5, 2.0, 8.0]),
)
def test_a_faster_clock_for_everything_changes_no_selection(
    rows: list[tuple[str, float, int | None]], scale: float
):
    rows = [("today", 1.0, 50), *rows]

    def selection(factor: float) -> Selection:
        trials = [a_trial(name, m, None if t is None else t * factor) for name, m, t in rows]
        return select_below(*trials, budget_s=100 * factor)

    assert selection(scale) == selection(1.0)


def test_more_looks_ask_for_more_confidence():
    assert [required_confidence(looks) for looks in (1, 2, 3)] == [0.80, 0.87, 0.90]
    assert [required_confidence(looks, 0.9) for looks in (1, 2, 3)] == [
        0.9,
        pytest.approx(1 - 0.1 * 0.65),
        pytest.approx(1 - 0.1 * 0.5),
    ]


@pytest.mark.parametrize(
    ("looks", "confidence", "field"),
    [(0, 0.8, "looks"), (4, 0.8, "looks"), (2, 1.0, "confidence"), (2, float("nan"), "confidence")],
)
def test_looks_and_confidence_out_of_range_are_refused(looks: int, confidence: float, field: str):
    with pytest.raises(Refusal) as refusal:
        required_confidence(looks, confidence)
    assert refusal.value.field == field
