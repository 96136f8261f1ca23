"""The price book."""

from fastapi import APIRouter

from backend.price_book import rate_cards
from backend.problems import not_found
from planner.rates import RateCard

router = APIRouter(prefix="/api", tags=["prices"])


@router.get("/prices")
def list_prices() -> tuple[RateCard, ...]:
    """Every rate card, this computer first."""
    return rate_cards()


@router.get("/prices/{price_id}")
def read_price(price_id: str) -> RateCard:
    """One rate card."""
    for card in rate_cards():
        if card.id == price_id:
            return card
    raise not_found("price", price_id)
