"""Details of a review behind titles that open; which are open stands in the link."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from frontend.components.where_from import Origins
from frontend.figures.plotly_traces import Look
from frontend.session import Session
from frontend.views.review_charts import sweep
from frontend.views.review_hardware import hardware_table
from frontend.views.review_money import returns_table
from frontend.views.review_seeds import seeds_table
from frontend.views.review_what_if import About, trade_off, what_if
from planner.economics.rates import RateCard
from planner.exchange.states import PilotState
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.charts.palette import palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the details are about.

    Attributes:
        state: Of the pilot.
        review: All of it.
        reviewed: The candidate that the page is about.
        origins: Of every number.
        prices: The price book.
    """

    state: PilotState
    review: Review
    reviewed: ScheduleReview
    origins: Origins
    prices: tuple[RateCard, ...]


def details(session: Session, shown: Shown) -> None:
    """What a manager does not need first; nothing of it is drawn while it is closed."""
    review, reviewed = shown.review, shown.reviewed

    def seeds() -> None:
        seeds_table(session, review, reviewed)
        sweep(session, review, reviewed)

    _detail(session, "returns", lambda: returns_table(session, review, reviewed, shown.origins))
    _detail(session, "seeds", seeds)
    about = About(state=shown.state, review=review, reviewed=reviewed, prices=shown.prices)
    _detail(session, "what_if", lambda: _what_if(session, about))
    _detail(session, "hardware", lambda: hardware_table(session, review, reviewed, shown.prices))


def _what_if(session: Session, about: About) -> None:
    what_if(session, about)
    look = Look(
        palette=palette(dark=session.dark),
        language=session.language,
        main=about.reviewed.schedule,
    )
    trade_off(session, about.review, look)


def _detail(session: Session, name: str, draw: Callable[[], None]) -> None:
    title = session.say(f"page.review.details_{name}")
    place = st.expander(title, key=f"details_{name}", bind="query-params")
    if place.open:
        with place:
            draw()
