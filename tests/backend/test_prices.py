"""The price book: every price with its vendor, source and day."""

from backend.codec import decode
from planner.economics.rates import RateCard
from planner.money import Money
from tests.support.installation import Api


def test_a_price_says_who_sells_it_and_when_that_was_read(api: Api) -> None:
    card = decode(RateCard, api.get("/api/prices/h100-sxm-runpod-secure").json())
    assert card.rent_per_gpu_hour == Money(amount=3.99, currency="USD")
    assert (card.vendor, card.kind, card.as_of) == ("RunPod secure", "on_demand", "2026-11-09")
    assert card.board_w == 700


def test_every_priced_row_names_its_source(api: Api) -> None:
    cards = decode(tuple[RateCard, ...], api.get("/api/prices").json())
    assert len({card.id for card in cards}) == len(cards) == 1 + 26
    priced = [card for card in cards if card.kind != "this_computer"]
    assert all(card.source and card.vendor for card in priced)


def test_an_undated_price_stays_undated(api: Api) -> None:
    card = decode(RateCard, api.get("/api/prices/t4-aws-g4dn-xlarge").json())
    assert card.as_of is None


def test_this_computer_costs_nothing_until_somebody_says_what(api: Api) -> None:
    card = decode(RateCard, api.get("/api/prices/this-computer").json())
    assert (card.kind, card.rent_per_gpu_hour.amount, card.as_of) == ("this_computer", 0, None)
