import pytest
from hypothesis import given
from hypothesis import strategies as st

from wording.verdict import (
    difference_text,
    headline,
    measured_sentence,
    payback_sentence,
    payback_text,
    probability_sentence,
    probability_text,
    quality_sentence,
    risk_sentence,
    unclaimed_sentence,
)


def test_the_headline_says_what_to_do_and_why():
    adopt = headline("en", kind="adopt", reason="pays_back", schedule="growing batch")
    assert adopt == ("Adopt “growing batch”: it pays back in time with the required probability.")
    refuse = headline("ja", kind="do_not_adopt", reason="npv_negative", schedule="拡大")
    assert refuse == (
        "「拡大」の採用は見送りを推奨します。節約できる額より費用が上回る可能性が高くなっています。"
    )


def test_more_seeds_are_asked_for_only_where_they_would_help():
    more = headline("en", kind="extend", reason="more_seeds", schedule="a")
    settle = headline(
        "en", kind="extend", reason="settle_assumption", schedule="a", settle="engineer_rate_per_h"
    )
    assert more.startswith("Extend the pilot of “a”")
    assert settle.startswith("“a” cannot be decided yet")
    assert settle.endswith("settle this assumption first: cost of one engineer-hour.")


def test_an_exploratory_pilot_is_not_decided():
    text = headline("en", kind="extend", reason="exploratory", schedule="a")
    assert text.startswith("“a” cannot be decided yet")


def test_a_payback_shows_its_range_and_its_limit():
    text = payback_sentence("en", band=(5.1, 6.24, 8.0), limit_months=12, horizon_months=24)
    assert text == ("The money is back after 6.2 months (5.1 to 8.0); the limit is 12 months.")


def test_a_payback_that_may_never_come_says_so():
    assert payback_text("ja", band=(5.1, 6.2, None)) == "6.2か月（5.1〜回収なし）"
    never = payback_sentence("en", band=(None, None, None), limit_months=12, horizon_months=24)
    assert never == "The money is not back within the 24 months that count."


def test_a_pilot_that_was_stopped_during_its_selection_is_not_called_one_to_extend():
    text = headline("en", kind="extend", reason="selection_unfinished", schedule="a")
    assert text.startswith("“a” cannot be decided yet: its selection was not finished")


@pytest.mark.parametrize(
    ("band", "english", "japanese"),
    [
        ((0.9, 1.0, 1.0), "1.0 months (0.9 to 1.0)", "1.0か月（0.9〜1.0）"),
        ((0.0, 1.0, 2.0), "1.0 months (at once to 2.0)", "1.0か月（即時〜2.0）"),
        ((0.0, 0.0, 2.0), "at once (at once to 2.0 months)", "即時（即時〜2.0か月）"),
        ((5.1, None, None), "never (5.1 months to never)", "回収なし（5.1か月〜回収なし）"),
    ],
)
def test_the_unit_of_a_payback_is_said_once(band, english, japanese):
    assert payback_text("en", band=band) == english
    assert payback_text("ja", band=band) == japanese


def test_no_outlay_has_nothing_to_be_paid_back():
    text = payback_sentence("en", band=(0.0, 0.0, 0.0), limit_months=12, horizon_months=24)
    assert text == "Nothing has to be paid back."
    assert payback_text("ja", band=(0.0, 0.0, 0.0)) == "即時"


def test_probabilities_stand_beside_the_one_that_is_required():
    text = probability_sentence(
        "en", npv_positive=0.932, payback_in_time=0.91, required=0.87, look=1, looks=2
    )
    assert "93.2%" in text
    assert "91.0%" in text
    assert "87.0% is required (look 1 of 2)" in text


@given(st.floats(0, 1))
def test_no_probability_is_shown_as_a_certainty(value):
    assert probability_text("en", value=value) not in {"100.0%", "0.0%"}


def test_a_measured_ratio_comes_with_its_interval():
    text = measured_sentence("en", schedule="a", time_ratio=(0.692, 0.73, 0.77), cost="$287")
    assert text == (
        "In these pilots, on this hardware, “a” reached the target in 73% of today's time "
        "(69% to 77%), at $287 per training."
    )


def test_with_a_run_that_never_arrived_no_ratio_is_claimed():
    text = unclaimed_sentence("ja", schedule="a", reached=4, runs=5, pairs=5, censored_pairs=1)
    assert "5回中4回" in text
    assert "未到達の実行があるため、時間の比は示しません" in text


@pytest.mark.parametrize(
    ("reached", "runs", "pairs", "censored_pairs", "said"),
    [
        (0, 0, 0, 0, "No run of “a” that counts here has ended yet"),
        (2, 2, 2, 0, "in 2 of 2 runs; a time ratio takes at least 3 seeds"),
        (5, 5, 5, 1, "because today's schedule did not in every run"),
        (5, 5, 5, 0, "because a run was there before it had trained"),
    ],
)
def test_without_a_ratio_the_reason_is_said_and_no_failure_is_made_up(
    reached, runs, pairs, censored_pairs, said
):
    counts = {"reached": reached, "runs": runs, "pairs": pairs, "censored_pairs": censored_pairs}
    assert said in unclaimed_sentence("en", schedule="a", **counts)
    japanese = unclaimed_sentence("ja", schedule="a", **counts)
    assert ("未到達" in japanese) == (censored_pairs > 0)


def test_differences_of_accuracies_are_percentage_points():
    assert difference_text("en", metric="validation_accuracy", value=0.01) == "1.0 points"
    text = quality_sentence(
        "ja", metric="validation_accuracy", difference=(-0.004, 0.001, 0.006), tolerance=0.01
    )
    assert text == (
        "最終的な検証精度の現行に対する改善幅は+0.1ポイント（\N{MINUS SIGN}0.4ポイント〜"
        "+0.6ポイント）で、1.0ポイントまでの悪化を許容します。"
    )


def test_an_unsettled_quality_is_not_given_a_number():
    text = quality_sentence("en", metric="validation_loss", difference=None, tolerance=0.02)
    assert text == (
        "Its final validation loss against today's is not settled; 0.0200 worse would be tolerated."
    )


def test_the_largest_risk_is_named():
    assert risk_sentence("en", risk="one_learning_rate") == (
        "The risk to look at first: only one learning rate was tried."
    )
    assert "月あたりの学習回数" in risk_sentence(
        "ja", risk="assumption", assumption="trainings_per_month"
    )


def test_a_payback_that_is_mostly_never_is_not_called_back_after_never():
    text = payback_sentence("en", band=(5.8, None, None), limit_months=12, horizon_months=24)
    assert "after 5.8 months" in text
    assert "never" not in text
