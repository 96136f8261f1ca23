"""Every word that a manager may not know is explained, in both languages."""

import pytest

from wording.catalogue import LANGUAGES, messages
from wording.glossary import forms, found_in, meaning, words

LABELS = {
    "Review": ("card.", "table.", "returns.name.", "statistic.name.", "page.review.hardware_"),
    "Plan": ("page.plan.work_", "page.plan.theory_", "page.plan.card_", "money.", "assumption."),
    "Live": ("page.live.column_", "page.live.worker_", "page.meters.column_"),
    "Decide": ("page.decide.column_", "page.decide.realised_"),
}
"""Where the cards, columns and fields of a page get their names from."""

LONE_LABELS = ("runs_done", "running", "spend", "finish", "workers")
"""Cards of Live below ``page.live``."""

EVERYDAY = {
    "page.decide.column_at",
    "page.decide.column_decision",
    "page.decide.column_found",
    "page.decide.column_reason",
    "page.decide.column_required",
    "page.decide.column_state",
    "page.decide.column_who",
    "page.decide.realised_value",
    "page.live.column_devices",
    "page.live.column_position",
    "page.live.column_progress",
    "page.live.column_state",
    "page.live.column_when",
    "page.live.finish",
    "page.live.worker_device",
    "page.live.worker_devices",
    "page.live.worker_seen",
    "page.meters.column_readings",
    "page.meters.column_spent",
    "page.plan.card_duration",
    "page.plan.card_finish",
    "page.review.hardware_reading",
    "assumption.attention_fraction",
    "assumption.correlations",
    "assumption.currency",
    "assumption.depreciation",
    "assumption.device_count",
    "assumption.exchange_rates",
    "assumption.facility",
    "assumption.grid_kg_per_kwh",
    "assumption.energy_price_per_kwh",
    "assumption.load_fraction",
    "assumption.ramp_months",
    "assumption.tax_fraction",
    "assumption.useful_life_years",
    "assumption.speed_up",
    "assumption.validation_trainings",
}
"""Names that everybody understands, or that a sentence beside them explains."""

SENTENCES = (
    "_note",
    "_unknown",
    "_none",
    "_unpriced",
    "_up_to",
    "_not_covered",
    "_hint",
    "_of_n",
    "_edge",
)
"""Ends of keys that are no label, though they begin like one."""


def labels():
    named = [f"page.live.{name}" for name in LONE_LABELS]
    starts = tuple(start for page in LABELS.values() for start in page)
    for key, english in messages("en").items():
        is_label = key in named or key.startswith(starts)
        is_short = len(english) < 70 and not english.endswith(".")
        if is_label and is_short and not key.endswith(SENTENCES) and key not in EVERYDAY:
            yield key


def word_of(key, language):
    found = found_in(messages(language)[key], language)
    return found.word if found else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_of_a_page_is_everyday_language_or_holds_a_word_of_the_glossary(language):
    assert [key for key in labels() if word_of(key, language) is None] == []


def test_a_label_is_explained_by_the_same_word_in_both_languages():
    cards_and_columns = [key for key in labels() if not key.startswith("assumption.")]
    differing = {
        key: (word_of(key, "en"), word_of(key, "ja"))
        for key in cards_and_columns
        if word_of(key, "en") != word_of(key, "ja")
    }
    assert differing == {}


@pytest.mark.parametrize("word", words())
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_is_found_by_each_of_its_spellings_and_explained_in_sentences(word, language):
    for form in forms(word, language):
        assert found_in(form, language).word == word, form
    assert meaning(word, language).endswith("。" if language == "ja" else ".")
    assert len(meaning(word, language)) < (120 if language == "ja" else 220)


def test_the_words_of_the_business_case_are_there_in_both_languages():
    money = {
        "payback": "回収期間",
        "roi": "投資利益率",
        "net_benefit": "正味現在価値",
        "irr": "内部収益率",
        "break_even": "損益分岐点",
        "approval_summary": "稟議",
    }
    assert {word: forms(word, "ja")[0] for word in money} == money


def test_the_first_word_of_a_label_is_found_and_the_longest_that_begins_there():
    label = "Median time to target of the pilot"
    found = found_in(label, "en")
    assert (found.word, label[found.start : found.end]) == ("time_to_target", "time to target")


def test_a_latin_word_is_found_whole_and_in_the_plural_only():
    assert found_in("Stages", "en").word == "stage"
    assert found_in("Backstage", "en") is None
    assert found_in("The runner", "en") is None


def test_a_word_in_an_everyday_phrase_is_left_alone():
    assert found_in("Next step", "en") is None
    assert found_in("Next step of the pilot", "en").word == "pilot"
