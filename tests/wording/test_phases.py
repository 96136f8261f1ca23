import pytest

from wording.catalogue import say
from wording.phases import phase_words


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_pilot_that_a_cap_stopped_is_not_said_to_do_anything(language):
    told = phase_words("selection", language, cap_reached=True)
    assert told == say("pilot_phase.at_cap", language)
    assert told != phase_words("selection", language, cap_reached=False)


def test_a_pilot_that_is_over_waits_for_no_cap():
    assert phase_words("done", "en", cap_reached=True) == "done"
