"""The price book: every price with its vendor, source and day, and nothing ever overwritten."""

import pytest

from backend.wire.codec import decode
from planner.economics.rates import RateCard
from planner.exchange.price_states import PriceState
from planner.money import Money
from tests.support.entered_prices import (
    OWNED,
    OWNED_DEVICE,
    an_entry,
    audited,
    book,
    enter,
    price_on,
    put,
    row,
    usd,
)
from tests.support.installation import Api, problem


def test_a_price_says_who_sells_it_and_when_that_was_read(shared_api: Api) -> None:
    card = decode(RateCard, shared_api.get("/api/prices/h100-sxm-runpod-secure").json())
    assert card.rent_per_gpu_hour == Money(amount=3.99, currency="USD")
    assert (card.vendor, card.kind, card.as_of) == ("RunPod secure", "on_demand", "2026-11-09")
    assert card.board_w == 700


def test_every_priced_row_names_its_source(shared_api: Api) -> None:
    cards = decode(tuple[RateCard, ...], shared_api.get("/api/prices").json())
    assert len({card.id for card in cards}) == len(cards) == 1 + 26
    priced = [card for card in cards if card.kind != "this_computer"]
    assert all(card.source and card.vendor for card in priced)


def test_an_undated_price_stays_undated_and_has_no_age(shared_api: Api) -> None:
    card = decode(RateCard, shared_api.get("/api/prices/t4-aws-g4dn-xlarge").json())
    assert card.as_of is None
    assert row(shared_api, "t4-aws-g4dn-xlarge").age_days is None


def test_this_computer_costs_nothing_until_somebody_says_what(api: Api) -> None:
    card = decode(RateCard, api.get("/api/prices/this-computer").json())
    assert (card.kind, card.rent_per_gpu_hour.amount, card.as_of) == ("this_computer", 0, None)
    entered = put(api, "this-computer", kind="this_computer", rent_per_gpu_hour=usd(0.5))
    assert entered.status_code == 200
    card = decode(RateCard, api.get("/api/prices/this-computer").json())
    assert (card.rent_per_gpu_hour.amount, card.as_of, card.row) == (0.5, "2026-10-20", 1)
    assert decode(tuple[RateCard, ...], api.get("/api/prices").json())[0] == card


def test_an_entered_price_is_in_the_book_with_its_age(api: Api) -> None:
    assert enter(api).status_code == 201
    found = row(api, "our-h100")
    assert (found.origin, found.age_days, found.entered_by) == ("entered", 12, "owner")
    assert [found.card.id, found.card.row] == ["our-h100", 1]
    assert "our-h100" in [card["id"] for card in api.get("/api/prices").json()]
    assert audited(api) == [("price.enter", "our-h100")]


def test_a_row_is_made_once(api: Api) -> None:
    first = enter(api, key="a")
    assert enter(api, key="a").json() == first.json()
    assert problem(enter(api, key="b")) == (409, "price_exists", None)
    shipped = enter(api, key="c", id="b200-lambda")
    assert problem(shipped) == (409, "price_exists", None)
    answer = api.post("/api/prices", an_entry())
    assert problem(answer) == (422, "missing", "idempotency-key")


def test_another_price_leaves_the_earlier_one_in_the_history(api: Api) -> None:
    enter(api)
    assert put(api, "our-h100", rent_per_gpu_hour=usd(2.0), as_of="2026-10-30").status_code == 200
    states = decode(tuple[PriceState, ...], api.get("/api/prices/our-h100/history").json())
    assert [state.card.rent_per_gpu_hour.amount for state in states] == [2.0, 2.2]
    assert [state.card.row for state in states] == [2, 1]
    assert price_on(api, "our-h100", "2026-10-29") == 2.2
    assert price_on(api, "our-h100", "2026-10-30") == 2.0
    assert problem(api.get("/api/prices/our-h100", on="2026-10-19"))[:2] == (404, "price_not_found")


def test_the_same_price_again_adds_nothing(api: Api) -> None:
    enter(api)
    assert put(api, "our-h100").json()["card"]["row"] == 1
    assert len(api.get("/api/prices/our-h100/history").json()) == 1
    assert audited(api) == [("price.enter", "our-h100")]


def test_a_price_that_ships_with_paybatch_can_be_read_again_and_keeps_its_first_word(
    api: Api,
) -> None:
    again = put(api, "t4-aws-g4dn-xlarge", device="T4", kind="on_demand")
    assert again.status_code == 200
    assert row(api, "t4-aws-g4dn-xlarge").card.as_of == "2026-10-20"
    assert price_on(api, "t4-aws-g4dn-xlarge", "2026-10-19") == 0.53
    origins = [
        state["origin"] for state in api.get("/api/prices/t4-aws-g4dn-xlarge/history").json()
    ]
    assert origins == ["entered", "shipped"]


def test_an_entry_of_an_earlier_day_does_not_hide_what_was_read_later(api: Api) -> None:
    put(api, "h100-sxm-runpod-secure", kind="on_demand", as_of="2026-10-20")
    assert row(api, "h100-sxm-runpod-secure").card.as_of == "2026-11-09"
    assert price_on(api, "h100-sxm-runpod-secure", "2026-10-25") == 2.2


def test_the_book_is_searched_by_kind_device_and_words(api: Api) -> None:
    enter(api)
    assert {state.card.kind for state in book(api, kind="spot").items} == {"spot"}
    found = book(api, device="H100 SXM", search="data centre").items
    assert [state.card.id for state in found] == ["our-h100"]
    assert "H100 SXM" in api.get("/api/prices:devices").json()
    assert api.get("/api/prices:book", page_size=5, page=2).json()["total"] == 1 + 26 + 1


def test_the_price_of_an_owned_device_follows_from_what_it_costs(api: Api) -> None:
    made = enter(api, id="ours", kind="owned", rent_per_gpu_hour=None, ownership=OWNED)
    card = decode(PriceState, made.raise_for_status().json()).card
    # 270,000 / (5 x 8760 x 0.6) + 24,000 / (8760 x 0.6) + 0.7 x 1.3 x 0.20
    assert card.rent_per_gpu_hour.amount == pytest.approx(10.2739726 + 4.56621005 + 0.182)
    assert card.ownership is not None


def test_the_calculator_shows_the_parts_of_an_owned_rate(shared_api: Api) -> None:
    parts = shared_api.post("/api/owned-rates:compute", OWNED).raise_for_status().json()
    amounts = {name: found["amount"] for name, found in parts.items()}
    assert amounts == {
        "capital_per_gpu_hour": pytest.approx(10.2739726),
        "maintenance_per_gpu_hour": pytest.approx(4.56621005),
        "energy_per_gpu_hour": pytest.approx(0.182),
        "total_per_gpu_hour": pytest.approx(15.0221826),
        "saved_per_gpu_hour": pytest.approx(0.182 + 0.25 * 15.0221826),
    }


def test_purchase_estimates_have_a_source_and_a_day(shared_api: Api) -> None:
    estimates = shared_api.get("/api/purchase-estimates").raise_for_status().json()
    assert [found["device"] for found in estimates] == ["B200", "H200", "H100 SXM", "A100 SXM 80GB"]
    assert estimates[0]["low"] == usd(40_000)
    assert all(found["source"] and found["as_of"] == "2026-06-30" for found in estimates)


MIXED = OWNED | {"device": OWNED_DEVICE | {"residual": {"amount": 1, "currency": "JPY"}}}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"id": "our h100"}, "price_id_wrong", "id"),
        ({"as_of": "20261020"}, "day_unreadable", "as_of"),
        ({"as_of": "2026-11-03"}, "day_to_come", "as_of"),
        ({"source": " "}, "empty", "source"),
        ({"vendor": ""}, "empty", "vendor"),
        ({"kind": "own"}, "price_kind_of_a_review", "kind"),
        ({"kind": "this_computer"}, "price_kind_of_this_computer", "kind"),
        ({"rent_per_gpu_hour": None}, "one_of_price_and_purchase", "rent_per_gpu_hour"),
        ({"rent_per_gpu_hour": usd(-1)}, "negative", "rent_per_gpu_hour"),
        ({"ownership": OWNED}, "one_of_price_and_purchase", "rent_per_gpu_hour"),
        (
            {"kind": "owned", "rent_per_gpu_hour": None, "ownership": MIXED},
            "currencies_mixed",
            "ownership.device.purchase.currency",
        ),
        (
            {"spot": {"interruptions_per_device_h": 0.1, "checkpoint_interval_h": 1}},
            "spot_terms_of_other_kind",
            "spot",
        ),
    ],
)
def test_a_wrong_price_is_refused_at_its_field_and_changes_nothing(
    shared_api: Api, changes: dict[str, object], code: str, field: str
) -> None:
    assert problem(enter(shared_api, **changes)) == (422, code, field)
    assert audited(shared_api) == []
    assert book(shared_api).total == 1 + 26


def test_only_a_known_row_gets_another_price(shared_api: Api) -> None:
    assert problem(put(shared_api, "nothing"))[:2] == (404, "price_not_found")
    assert problem(put(shared_api, "b200-lambda", id="other")) == (422, "price_id_differs", "id")
    assert problem(shared_api.post("/api/prices/nothing:retire", {}))[:2] == (
        404,
        "price_not_found",
    )
    assert problem(shared_api.get("/api/prices/nothing/history"))[:2] == (
        404,
        "price_not_found",
    )
    assert problem(shared_api.get("/api/prices", on="today")) == (
        422,
        "day_unreadable",
        "on",
    )


def test_a_viewer_reads_the_book_and_changes_nothing(shared_api: Api) -> None:
    made = shared_api.post("/api/tokens", {"name": "v", "scope": "viewer"}).json()["token"]
    headers = {"Authorization": f"Bearer {made}", "Idempotency-Key": "v"}
    assert shared_api.http.get("/api/prices:book", headers=headers).status_code == 200
    refused = shared_api.http.post("/api/prices", json=an_entry(), headers=headers)
    assert problem(refused)[:2] == (403, "not_allowed")
