"""Details of a review behind titles that open; which are open stands in the link."""

from collections.abc import Callable

import streamlit as st

from frontend.components.where_from import Origins
from frontend.session import Session
from frontend.views.review_charts import sweep
from frontend.views.review_money import returns_table
from frontend.views.review_seeds import seeds_table
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview


def details(session: Session, review: Review, reviewed: ScheduleReview, origins: Origins) -> None:
    """What a manager does not need first; nothing of it is computed while it is closed."""

    def seeds() -> None:
        seeds_table(session, review, reviewed)
        sweep(session, review, reviewed)

    _detail(session, "returns", lambda: returns_table(session, review, reviewed, origins))
    _detail(session, "seeds", seeds)


def _detail(session: Session, name: str, draw: Callable[[], None]) -> None:
    title = session.say(f"page.review.details_{name}")
    place = st.expander(title, key=f"details_{name}", bind="query-params")
    if place.open:
        with place:
            draw()
