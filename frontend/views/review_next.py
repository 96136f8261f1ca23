"""What to do next: more seeds at what they are worth and cost, or the decision."""

import streamlit as st

from frontend.components.markup import element, show, text
from frontend.session import Session, go_to
from planner.reviews.review import Review
from wording.next_step import next_step_of


def next_step(session: Session, review: Review, main: str) -> None:
    """What to do about the candidate that the verdict is on, and the way to decide on one."""
    title = session.say("page.review.next_title")
    sentence = next_step_of(review.next_step, main, session.language)
    with st.container(
        border=True, key="next-step", horizontal=True, vertical_alignment="center", gap="small"
    ):
        show(
            element(
                "section",
                element("b", text(title)),
                element("span", text(sentence)),
                class_="pb-next",
                aria_label=title,
            )
        )
        if st.button(session.say("page.review.to_decide"), key="to_decide", width="content"):
            go_to("decide")
