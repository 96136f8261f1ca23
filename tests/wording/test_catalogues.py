from pathlib import Path

import pytest

from wording.catalogue import LANGUAGES, MessageMissing, knows, messages, placeholders, say

ROOT = Path(__file__).parents[2]


def test_both_languages_have_the_same_keys():
    english, japanese = messages("en"), messages("ja")
    assert english.keys() - japanese.keys() == set()
    assert japanese.keys() - english.keys() == set()


@pytest.mark.parametrize("key", sorted(messages("en")))
def test_a_message_has_the_same_placeholders_in_both_languages(key):
    assert placeholders(messages("en")[key]) == placeholders(messages("ja")[key])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_blank_or_padded(language):
    bad = [key for key, text in messages(language).items() if not text or text != text.strip()]
    assert bad == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_plain_names_because_formats_live_in_the_format_modules(language):
    names = {name for text in messages(language).values() for name in placeholders(text)}
    assert [name for name in sorted(names) if not name.isidentifier()] == []


def test_refusals_and_their_advice_are_sentences():
    english = [text for key, text in messages("en").items() if key.startswith("refusal.")]
    japanese = [text for key, text in messages("ja").items() if key.startswith("refusal.")]
    assert [text for text in english if not (text[0].isupper() or text[0] in '{"')] == []
    assert [text for text in english if not text.endswith(".")] == []
    assert [text for text in japanese if not text.endswith("。")] == []


def test_a_message_is_filled_with_numbers_in_the_language_of_the_reader():
    assert say("format.range", "en", low=1234, high=0.5) == "1,234 to 0.5"
    assert say("format.range", "ja", low=-1234, high="無制限") == "−1,234〜無制限"


def test_a_key_without_a_message_is_an_error():
    assert not knows("refusal.no_such_code")
    with pytest.raises(MessageMissing, match=r"no message for refusal\.no_such_code"):
        say("refusal.no_such_code", "en")


def test_a_message_without_its_value_is_an_error():
    with pytest.raises(MessageMissing, match=r"format\.range needs high"):
        say("format.range", "ja", low=1)


def test_the_shelf_imports_no_room_but_the_planner_whose_facts_it_words():
    for source in (ROOT / "wording").glob("*.py"):
        for room in ("backend", "worker", "frontend"):
            assert f"from {room}" not in source.read_text(encoding="utf-8"), source
