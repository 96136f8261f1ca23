"""The verdict on a candidate, first on every page that is about a decision on it."""

from frontend.components.markup import element, show, text
from frontend.session import Session
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.review import verdict_headline, verdict_reasons, verdict_risks
from wording.sentences import together


def verdict_banner(session: Session, review: Review, reviewed: ScheduleReview) -> None:
    """What to do and why, what it is worth, how sure it is and what is at risk."""
    language = session.language
    verdict = reviewed.verdict or review.verdict
    reasons = together(verdict_reasons(review, reviewed, language))
    risks = together(verdict_risks(verdict, language))
    show(
        element(
            "section",
            element("p", text(verdict_headline(verdict, language)), class_="pb-verdict"),
            element("p", text(reasons)),
            element("p", text(risks), class_="pb-muted"),
            element("p", text(session.say("page.review.imported"))) if review.imported else "",
            class_=f"pb-banner pb-{verdict.kind}",
            aria_label=session.say("table.verdict"),
        )
    )
