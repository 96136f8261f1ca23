"""The price book."""

from fastapi import APIRouter

from backend.price_book import rate_card, rate_cards
from backend.problems import not_found
from planner.economics.rates import RateCard

router = APIRouter(prefix="/api", tags=["prices"])


@router.get("/prices")
def list_prices() -> tuple[RateCard, ...]:
    """Every rate card, this computer first."""
    return rate_cards()


@router.get("/prices/{price_id}")
def read_price(price_id: str) -> RateCard:
    """One rate card."""
    card = rate_card(price_id)
    if card is None:
        raise not_found("price", price_id)
    return card
