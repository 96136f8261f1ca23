"""Names that turn the direction of writing around do so for themselves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wording.catalogue import say
from wording.contained import contained

OVERRIDE, POP, ISOLATE, POP_ISOLATE = "\u202e", "\u202c", "\u2067", "\u2069"


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("today", "today"),
        ("שלום 今日", "שלום 今日"),
        (f"{OVERRIDE}gnp", f"{OVERRIDE}gnp{POP}"),
        (f"a{ISOLATE}b{OVERRIDE}c", f"a{ISOLATE}b{OVERRIDE}c{POP}{POP_ISOLATE}"),
        (f"{ISOLATE}whole{POP_ISOLATE}", f"{ISOLATE}whole{POP_ISOLATE}"),
        (f"out{POP}{POP_ISOLATE}", "out"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_what_a_name_opens_it_closes(words, held):
    assert contained(words) == held


@given(st.text(alphabet=f"ab{OVERRIDE}{POP}{ISOLATE}{POP_ISOLATE}"))
def test_whatever_is_held_together_needs_no_more_of_it(words):
    assert contained(contained(words)) == contained(words)


def test_a_sentence_goes_on_in_its_own_direction_after_a_name():
    told = say("page.shell.signed_in_as", "ja", name=f"{OVERRIDE}renwo")
    assert told == f"{OVERRIDE}renwo{POP}としてサインイン中"
