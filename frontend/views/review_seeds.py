"""What the seeds say of the candidate, and of today's schedule beside it."""

from frontend.components.chart_card import csv_button, csv_bytes
from frontend.components.facts import show_facts
from frontend.components.markup import text
from frontend.components.terms import marked
from frontend.session import Session
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.statistics import statistics_of

CSV_COLUMNS = ("statistic", "candidate", "today", "meaning")


def seeds_table(session: Session, review: Review, reviewed: ScheduleReview) -> None:
    """Statistics side by side; what the baseline has none of stays empty."""
    rows = statistics_rows(session, review, reviewed)
    label = session.say("page.review.seeds_alt")
    titles = [
        session.say("page.review.column_what"),
        reviewed.schedule,
        session.say("role.baseline"),
        session.say("page.review.column_reading"),
    ]
    cells = [[marked(name, session.language), *map(text, rest)] for name, *rest in rows]
    show_facts(titles, cells, label=label)
    csv_button(session, "statistics", lambda: csv_bytes(CSV_COLUMNS, rows), label)


def statistics_rows(
    session: Session, review: Review, reviewed: ScheduleReview
) -> list[tuple[str, str, str, str]]:
    """In the order of `CSV_COLUMNS`."""
    baseline = next(found for found in review.schedules if found.role == "baseline")
    today = {line.label: line.value for line in statistics_of(review, baseline, session.language)}
    return [
        (line.label, line.value, today.get(line.label, ""), line.meaning)
        for line in statistics_of(review, reviewed, session.language)
    ]
