"""What the link assumes otherwise than the pilot, as the page of reports says it."""

from dataclasses import replace

from frontend.choices.assumed import assumed_otherwise
from frontend.choices.review import Choice
from frontend.choices.uncertain import Uncertain
from planner.money import Money
from tests.support.measured_pilots import a_pilot

PILOT = a_pilot()
OWN = Choice(
    base=PILOT.assumptions, hardware=PILOT.hardware, pilot_rate=None, changed={}, price_day=None
)


def told(choice, language="en"):
    return assumed_otherwise(PILOT, choice, language, hardware="H100, a vendor")


def test_nothing_is_said_where_everything_is_as_the_pilot_says():
    assert told(OWN) == ()


def test_every_other_number_stands_beside_the_pilots_own_in_the_unit_that_is_typed():
    changed = {"trainings_per_month": 3.0, "discount_rate_per_year": 12.0}
    assert told(replace(OWN, changed=changed)) == (
        "trainings per month 3 instead of 20",
        "discount rate a year 12.0% instead of 8.0%",
    )


def test_another_price_day_and_hardware_come_first():
    elsewhere = replace(
        PILOT.hardware, profile="other", rent_per_gpu_hour=Money(amount=9.5, currency="USD")
    )
    choice = replace(
        OWN,
        hardware=elsewhere,
        price_day="2026-11-01",
        pilot_rate=Money(amount=1.0, currency="USD"),
        uncertain=Uncertain(ends={}, together={}),
    )
    assert told(choice) == (
        "H100, a vendor",
        "a device-hour at $9.50",
        "prices of November 1, 2026",
        "an hour of the pilot's computer at $1.00",
        "other ranges or correlations",
    )
    assert told(choice, "ja")[1] == "デバイス時間あたり 9.50ドル"


def test_another_currency_is_said():
    yen = replace(OWN, base=replace(PILOT.assumptions, currency="JPY"))
    assert told(yen) == ("amounts in JPY",)
