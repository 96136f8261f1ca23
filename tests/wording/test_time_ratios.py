from dataclasses import replace

from planner.reviews.review import make_review
from tests.support.measured_pilots import a_pilot, a_review_input
from tests.support.reported import LOST, PAYS, facts_of
from wording.catalogue import LANGUAGES
from wording.numbers import percent
from wording.report.words import report_words
from wording.time_ratios import time_ratio_sentences

SCATTERED = a_review_input({"today": 0.10, "growing batch": 0.08}, spread=0.03)


def said(given, language="en"):
    review = make_review(given)
    reviewed = next(one for one in review.schedules if one.role == "candidate")
    return review, reviewed, list(time_ratio_sentences(review, reviewed, language))


def test_the_ratio_of_the_card_is_led_to_the_one_that_is_priced():
    _, reviewed, (sentence, _) = said(SCATTERED)
    numbers = (
        reviewed.comparison.time_ratio.mid,
        reviewed.comparison.mean_time_ratio.mid,
        reviewed.case.time_ratio,
    )
    places = [sentence.index(percent(one, "en", decimals=1)) for one in numbers]
    assert places == sorted(places)
    assert "carried to the batches and devices of production" in sentence


def test_the_overhead_of_production_comes_last():
    """Of 0.05 that stays and a priced ratio r, 0.05 + 0.95 r of today's hours remain."""
    _, reviewed, (_, overhead) = said(SCATTERED)
    whole = percent(0.05 + 0.95 * reviewed.case.time_ratio, "en", decimals=1)
    assert overhead == (
        f"With the 5% of a training that no schedule changes, it takes {whole} of today's hours."
    )


def test_a_pilot_that_is_the_training_has_no_overhead_to_tell_of():
    one_device = replace(PAYS.hardware, device_count=1, throughput=PAYS.throughput)
    alone = replace(PAYS, pilot=a_pilot(production=None), production=None, hardware=one_device)
    _, _, sentences = said(alone)
    assert len(sentences) == 1
    assert "on the hardware of the review" in sentences[0]


def test_without_a_claimed_ratio_there_is_nothing_to_lead_over():
    assert said(LOST)[2] == []


def test_reports_say_it_among_what_they_rest_on():
    for language in LANGUAGES:
        words = report_words(facts_of(PAYS), language)
        assert set(said(PAYS, language)[2]) <= set(words.basis)
