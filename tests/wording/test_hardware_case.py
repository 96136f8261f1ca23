from dataclasses import replace

import pytest

from planner.economics.cashflow import Payback
from planner.reviews.hardware_case import HardwareCase
from planner.reviews.review import make_review
from tests.support.measured_pilots import H100, a_review_input
from wording.hardware_case import hardware_sentence

CASE = next(
    found.case
    for found in make_review(a_review_input({"today": 0.1, "growing batch": 0.07})).schedules
    if found.case
)
THERE = HardwareCase(
    price=H100,
    device_count=8,
    schedule="growing batch",
    unavailable=None,
    training=replace(CASE.training, training_h=9.0),
    npv=CASE.npv,
    payback=Payback(months=2.5),
)


def test_a_kind_of_hardware_is_told_with_time_cost_worth_and_payback():
    english, japanese = (hardware_sentence(THERE, language) for language in ("en", "ja"))
    assert english.startswith("On 8 × H100 SXM, A vendor: one training with growing batch takes")
    assert "2.5 months" in english
    assert japanese.startswith("H100 SXM, A vendor 8台では、「growing batch」の学習1回に")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_a_time_there_is_a_reason_and_no_figure(language):
    unknown = replace(THERE, unavailable="throughput_unknown", training=None, npv=None)
    sentence = hardware_sentence(unknown, language)
    assert "$" not in sentence
    assert len(sentence) > len("H100 SXM, A vendor")
