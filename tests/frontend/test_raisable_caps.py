from dataclasses import replace

from frontend.raisable_caps import raisable_caps, raised
from planner.money import Money
from planner.pilots.cap_use import CapUse
from planner.pilots.caps import Caps
from tests.frontend.live_views import a_run, a_view
from tests.support.installation import a_pilot

LIMITS = Caps(pilot_device_h=5.0, run_money=Money(amount=2.0, currency="GBP"))


def a_capped_view(*runs, used_h=1.0):
    use = CapUse(scope="pilot", unit="device_h", used=used_h, limit=5.0)
    return replace(a_view(a_pilot(), *runs), limits=LIMITS, caps=(use,))


def test_every_cap_that_the_pilot_has_is_offered_as_it_is():
    found = [(cap.name, cap.currency, cap.offered) for cap in raisable_caps(a_capped_view())]
    assert found == [("pilot_device_h", "", 5.0), ("run_money", "GBP", 2.0)]


def test_a_cap_that_stopped_something_is_offered_twice_as_large():
    view = a_capped_view(a_run("a", "capped", reason="cap_run_money"), used_h=5.0)
    assert [cap.offered for cap in raisable_caps(view)] == [10.0, 4.0]


def test_a_field_that_was_open_when_its_cap_was_reached_begins_anew():
    before, after = (next(raisable_caps(a_capped_view(used_h=used))) for used in (1.0, 5.0))
    assert before.key != after.key


def test_only_what_was_changed_is_raised():
    hours, money = caps = tuple(raisable_caps(a_capped_view()))
    assert raised(caps, {hours.key: 5.0, money.key: 3.0}) == {
        "run_money": {"amount": 3.0, "currency": "GBP"}
    }
    assert raised(caps, {hours.key: 8.0, money.key: None}) == {"pilot_device_h": 8.0}
