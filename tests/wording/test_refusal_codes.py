import pytest

from tests.wording.refusal_codes import find_codes
from wording.catalogue import knows, messages, placeholders

SEARCH = find_codes()
CODES = sorted({site.code for site in SEARCH.sites})


def test_every_code_in_the_source_can_be_read():
    assert sorted(SEARCH.unread) == []


def test_the_search_finds_codes_that_are_raised_handed_on_and_looked_up():
    assert {"currencies_mixed", "seed_repeated", "unknown_field"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_refusal_code_has_a_message(code):
    assert knows(f"refusal.{code}"), sorted(s.where for s in SEARCH.sites if s.code == code)


def test_a_refusal_gives_every_value_that_its_message_shows():
    english = messages("en")
    lacking = {
        f"{site.where} {site.code}": sorted(missing)
        for site in SEARCH.sites
        if site.given is not None and knows(f"refusal.{site.code}")
        for missing in [placeholders(english[f"refusal.{site.code}"]) - site.given]
        if missing
    }
    assert lacking == {}


def test_no_message_is_kept_for_a_code_that_is_gone():
    kept = {key.removeprefix("refusal.") for key in messages("en") if key.startswith("refusal.")}
    assert sorted(kept - set(CODES)) == []
