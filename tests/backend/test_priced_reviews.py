"""A review is priced with the book of a day, and says with which row of it."""

from typing import Any

import pytest

from tests.review.planted import ASSUMPTIONS, PRODUCTION, measured
from tests.support.entered_prices import OWNED, enter, enter_rate, put, usd
from tests.support.installation import Api, pilot_data, problem
from tests.support.known_pilot import GROWING, TODAY


def eight(profile: str) -> dict[str, object]:
    return {"profile": profile, "device_count": 8}


@pytest.fixture(scope="module")
def api(shared_api: Api) -> Api:
    """A review writes nothing; what a test enters has a name or a currency of its own."""
    return shared_api


@pytest.fixture(scope="module")
def pilot_id(api: Api) -> str:
    truth = {"today": [10.0] * 3, "growing": [10.0] * 3}
    seeds = {"confirmation": [11, 12, 13]}
    return measured(api, truth, key="priced", schedules=[TODAY, GROWING], seeds=seeds)


def asked(api: Api, pilot_id: str, row: str, **changes: object):  # type: ignore[no-untyped-def]
    request = {
        "pilot_id": pilot_id,
        "production": PRODUCTION,
        "hardware": eight(row),
        "assumptions": ASSUMPTIONS,
    }
    return api.post("/api/reviews:compute", request | changes)


def reviewed(api: Api, pilot_id: str, row: str, **changes: object) -> dict[str, Any]:
    review: dict[str, Any] = asked(api, pilot_id, row, **changes).raise_for_status().json()
    return review


def cost_today(review: dict[str, Any]) -> float:
    """Of one training: 100 h on 8 devices."""
    cost: float = review["schedules"][0]["training"]["cost"]["amount"]
    return cost


def test_a_review_can_be_made_again_with_the_prices_of_another_day(api: Api, pilot_id: str) -> None:
    enter(api, id="by-day", as_of="2026-10-01", rent_per_gpu_hour=usd(3.0))
    put(api, "by-day", as_of="2026-10-20", rent_per_gpu_hour=usd(2.0))
    assert cost_today(reviewed(api, pilot_id, "by-day")) == pytest.approx(100 * 8 * 2.0)
    earlier = reviewed(api, pilot_id, "by-day", price_day="2026-10-19")
    assert cost_today(earlier) == pytest.approx(100 * 8 * 3.0)
    assert earlier["price"]["as_of"] == "2026-10-01"
    too_early = asked(api, pilot_id, "by-day", price_day="2026-09-30")
    assert problem(too_early) == (422, "price_unknown_on_day", "hardware.profile")
    assert problem(asked(api, pilot_id, "by-day", price_day="then")) == (
        422,
        "day_unreadable",
        "price_day",
    )
    api.post("/api/prices/by-day:retire", {}).raise_for_status()
    assert problem(asked(api, pilot_id, "by-day")) == (422, "price_unknown", "hardware.profile")
    assert cost_today(reviewed(api, pilot_id, "by-day", price_day="2026-10-20")) == pytest.approx(
        1600.0
    )


def test_the_money_of_a_review_names_the_row_its_source_and_its_day(
    api: Api, pilot_id: str
) -> None:
    enter(api, id="named")
    review = reviewed(api, pilot_id, "named")
    (cost,) = [
        found
        for found in review["provenances"]
        if (found["number"], found["schedule"]) == ("cost", "growing")
    ]
    (price,) = [one for one in cost["ingredients"] if one["name"] == "price_per_device_h"]
    row = review["price"]["row"]
    assert row > 0
    assert price["source"] == f"named #{row}, contract 17, 2026-10-20"


def test_the_exchange_rate_of_the_day_comes_from_the_book(api: Api, pilot_id: str) -> None:
    enter(api, id="in-yen", as_of="2026-09-01")
    yen = ASSUMPTIONS | {"currency": "JPY"}
    missing = asked(api, pilot_id, "in-yen", assumptions=yen)
    assert problem(missing) == (422, "exchange_rate_missing", "assumptions.exchange_rates")
    enter_rate(api, 150.0, as_of="2026-10-20")
    enter_rate(api, 140.0, as_of="2026-09-10")
    newest = reviewed(api, pilot_id, "in-yen", assumptions=yen)
    assert cost_today(newest) == pytest.approx(100 * 8 * 2.2 * 150)
    (used,) = newest["assumptions"]["exchange_rates"]
    assert (used["rate"], used["as_of"], used["source"]) == (150.0, "2026-10-20", "the bank")
    earlier = reviewed(api, pilot_id, "in-yen", assumptions=yen, price_day="2026-10-01")
    assert cost_today(earlier) == pytest.approx(100 * 8 * 2.2 * 140)
    too_early = asked(api, pilot_id, "in-yen", assumptions=yen, price_day="2026-09-05")
    assert problem(too_early) == (422, "exchange_rate_missing_on_day", "assumptions.exchange_rates")


def test_of_many_exchange_rates_only_the_newest_with_the_reviews_currency_is_read(
    api: Api, pilot_id: str
) -> None:
    enter(api, id="in-franc", as_of="2026-09-01")
    for day, rate in (("2026-09-10", 0.7), ("2026-10-10", 0.8), ("2026-10-05", 0.6)):
        enter_rate(api, rate, as_of=day, quote="CHF")
    enter_rate(api, 1.1, as_of="2026-10-11", base="EUR", quote="USD")
    franc = ASSUMPTIONS | {"currency": "CHF"}
    review = reviewed(api, pilot_id, "in-franc", assumptions=franc)
    rates = review["assumptions"]["exchange_rates"]
    assert [(rate["base"], rate["quote"], rate["rate"]) for rate in rates] == [("USD", "CHF", 0.8)]
    assert cost_today(review) == pytest.approx(100 * 8 * 2.2 * 0.8)


def test_a_typed_price_of_electricity_is_stated_in_the_reviews_currency(
    api: Api, pilot_id: str
) -> None:
    enter(api, id="in-pound", as_of="2026-09-01")
    facility = {
        "pue": 1.2,
        "grid_kg_per_kwh": 0.4,
        "as_of": "2026-10-01",
        "energy_price_per_kwh": {"amount": 0.30, "currency": "USD"},
    }
    pound = ASSUMPTIONS | {"currency": "GBP", "facility": facility}
    missing = asked(api, pilot_id, "in-pound", assumptions=pound)
    assert problem(missing) == (422, "exchange_rate_missing", "assumptions.exchange_rates")
    enter_rate(api, 0.5, quote="GBP")
    review = reviewed(api, pilot_id, "in-pound", assumptions=pound)
    price = review["assumptions"]["facility"]["energy_price_per_kwh"]
    assert price == {"amount": pytest.approx(0.15), "currency": "GBP"}


def test_a_typed_exchange_rate_comes_before_the_book_but_not_before_its_day(
    api: Api, pilot_id: str
) -> None:
    enter(api, id="in-euro", as_of="2026-09-01")
    enter_rate(api, 0.9, as_of="2026-10-20", quote="EUR")
    typed = {"base": "USD", "quote": "EUR", "rate": 0.8, "as_of": "2026-10-25"}
    euro = ASSUMPTIONS | {"currency": "EUR", "exchange_rates": [typed]}
    newest = reviewed(api, pilot_id, "in-euro", assumptions=euro)
    assert cost_today(newest) == pytest.approx(100 * 8 * 2.2 * 0.8)
    earlier = reviewed(api, pilot_id, "in-euro", assumptions=euro, price_day="2026-10-21")
    assert cost_today(earlier) == pytest.approx(100 * 8 * 2.2 * 0.9)


def test_spot_rows_bring_their_interruptions(api: Api, pilot_id: str) -> None:
    spot = {"interruptions_per_device_h": 0.05, "checkpoint_interval_h": 0.5, "restart_h": 0.1}
    enter(api, id="spot", kind="spot", rent_per_gpu_hour=usd(1.0), spot=spot)
    review = reviewed(api, pilot_id, "spot")
    # The factor of known_answers: 0.05 x 8 devices, tau 0.5, rho 0.1.
    assert cost_today(review) == pytest.approx(100 * 8 * 1.15129434)
    assert review["price"]["spot"] == spot


def test_an_owned_row_counts_what_a_saved_hour_is_worth(api: Api, pilot_id: str) -> None:
    enter(api, id="owned", kind="owned", rent_per_gpu_hour=None, ownership=OWNED)
    energy_and_reuse = 0.7 * 1.3 * 0.20 + 0.25 * 15.0221826
    assert cost_today(reviewed(api, pilot_id, "owned")) == pytest.approx(100 * 8 * energy_and_reuse)


def test_an_owned_row_that_the_plan_needs_is_paid_for_in_month_0(api: Api, pilot_id: str) -> None:
    enter(
        api,
        id="bought",
        kind="owned",
        rent_per_gpu_hour=None,
        ownership=OWNED | {"case": "bought_by_plan"},
    )
    growing = reviewed(api, pilot_id, "bought")["schedules"][1]
    lines = {line["key"]: line["cost"]["amount"] for line in growing["case"]["investment"]["lines"]}
    assert lines["hardware"] == pytest.approx(8 * 300_000)


def test_the_price_of_this_computer_is_the_rate_of_the_pilot(api: Api, pilot_id: str) -> None:
    enter(api, id="beside")
    free = reviewed(api, pilot_id, "beside")
    assert free["pilot_cost"]["amount"] == 0
    put(api, "this-computer", kind="this_computer", rent_per_gpu_hour=usd(3600.0))
    dear = reviewed(api, pilot_id, "beside")
    assert dear["pilot_cost"]["amount"] == pytest.approx(3600 * free["pilot_device_h"])


def test_electricity_of_the_installation_is_joined_to_every_review(api: Api, pilot_id: str) -> None:
    enter(api, id="with-energy")
    assert reviewed(api, pilot_id, "with-energy")["assumptions"]["facility"] is None
    facility = {"pue": 1.4, "grid_kg_per_kwh": 0.4, "as_of": "2026-10-20", "source": "bill"}
    api.post("/api/facilities", facility, **{"Idempotency-Key": "f"}).raise_for_status()
    assert reviewed(api, pilot_id, "with-energy")["assumptions"]["facility"]["pue"] == 1.4


def test_a_plan_can_be_priced_with_an_entered_row(api: Api) -> None:
    enter(api, id="planned", rent_per_gpu_hour=usd(2.5))

    pilot = pilot_data(hardware=eight("planned"), production=PRODUCTION)
    facts = api.post("/api/plans:compute", {"pilot": pilot}).raise_for_status().json()
    lines = {line["key"]: line["cost"]["amount"] for line in facts["investment"]["lines"]}
    assert lines["retuning"] == pytest.approx(2 * 100 * 8 * 2.5)
