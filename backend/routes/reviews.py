"""Reviews."""

from fastapi import APIRouter

from backend.routes.dependencies import Reading
from backend.routes.one_thread import OneThread
from backend.routes.turns import IN_TURN
from backend.services import reviews
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest

router = APIRouter(prefix="/api", tags=["reviews"], route_class=OneThread)


@router.post("/reviews:compute", dependencies=IN_TURN)
def compute_review(body: ReviewRequest, work: Reading) -> Review:
    """Measurements, assumptions and prices in, verdict and numbers out; nothing is stored."""
    return reviews.compute(work, body)
