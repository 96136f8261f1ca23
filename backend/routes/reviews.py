"""Reviews."""

from backend.routes.dependencies import Reading
from backend.routes.guarded import guarded
from backend.routes.turns import IN_TURN
from backend.services import reviews
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest

router = guarded(tags=["reviews"])


@router.post("/reviews:compute", dependencies=IN_TURN)
def compute_review(body: ReviewRequest, work: Reading) -> Review:
    """Measurements, assumptions and prices in, verdict and numbers out; nothing is stored."""
    return reviews.compute(work, body)
