"""Exchange rates and electricity: dated, sourced, added to, and never assumed."""

import pytest

from tests.support.entered_prices import DAY, enter_rate
from tests.support.installation import Api, problem

FACILITY = {
    "pue": 1.4,
    "grid_kg_per_kwh": 0.434,
    "as_of": DAY,
    "energy_price_per_kwh": {"amount": 27.0, "currency": "JPY"},
    "source": "bill of October",
}


def enter_facility(api: Api, **changes: object):  # type: ignore[no-untyped-def]
    return api.post("/api/facilities", FACILITY | changes, **{"Idempotency-Key": str(changes)})


def test_nothing_is_known_of_electricity_until_somebody_enters_it(shared_api: Api) -> None:
    assert shared_api.get("/api/facilities").json() == []
    assert shared_api.get("/api/exchange-rates").json() == []


def test_electricity_is_kept_with_its_day_newest_first(api: Api) -> None:
    assert enter_facility(api).status_code == 201
    assert enter_facility(api, as_of="2026-09-01", pue=1.5).status_code == 201
    found = api.get("/api/facilities").json()
    assert [one["facility"]["pue"] for one in found] == [1.4, 1.5]
    assert found[0]["facility"]["source"] == "bill of October"
    assert found[0]["age_days"] == 12


def test_an_exchange_rate_is_kept_with_its_day_and_source(api: Api) -> None:
    assert enter_rate(api, 150.0).status_code == 201
    enter_rate(api, 140.0, as_of="2026-09-01")
    found = api.get("/api/exchange-rates").json()
    assert [one["rate"]["rate"] for one in found] == [150.0, 140.0]
    assert (found[0]["rate"]["source"], found[0]["age_days"]) == ("the bank", 12)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"pue": 0.9}, "below_minimum", "pue"),
        ({"grid_kg_per_kwh": -1}, "negative", "grid_kg_per_kwh"),
        ({"as_of": "2026-12-01"}, "day_to_come", "as_of"),
        ({"source": ""}, "empty", "source"),
    ],
)
def test_wrong_facts_of_electricity_are_refused_at_their_field(
    shared_api: Api, changes: dict[str, object], code: str, field: str
) -> None:
    assert problem(enter_facility(shared_api, **changes)) == (422, code, field)


def test_a_wrong_exchange_rate_is_refused_at_its_field(shared_api: Api) -> None:
    assert problem(enter_rate(shared_api, 0.0)) == (422, "not_positive", "rate")
    assert problem(enter_rate(shared_api, 1.0, quote="USD")) == (
        422,
        "exchange_into_itself",
        "quote",
    )
    assert problem(enter_rate(shared_api, 150.0, as_of="2026-12-01")) == (
        422,
        "day_to_come",
        "as_of",
    )
    body = {"base": "USD", "quote": "JPY", "rate": 150, "as_of": DAY}
    answer = shared_api.post("/api/exchange-rates", body, **{"Idempotency-Key": "x"})
    assert problem(answer) == (422, "empty", "source")


def test_entering_leaves_audit_rows(api: Api) -> None:
    enter_rate(api, 150.0)
    enter_facility(api)
    with api.installation.database.read() as session:
        told = "SELECT action FROM audit_entries ORDER BY number"
        actions = session.connection().exec_driver_sql(told).scalars().all()
    assert actions == ["exchange_rate.enter", "facility.enter"]
