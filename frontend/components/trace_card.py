"""A small curve of one run by its steps, under its title."""

from frontend.components.headings import card_title
from frontend.components.markup import element, show, text
from frontend.figures.trace_markup import Target, WentBack, trace_markup
from frontend.session import Session
from planner.exchange.page_states import LiveRun, Trace
from wording.charts.palette import palette


def trace_card(
    session: Session,
    live: LiveRun,
    title: str,
    trace: Trace,
    *,
    empty: str,
    target: Target | None = None,
    went_back: WentBack | None = None,
    points: bool = False,
) -> None:
    """The curve, or ``empty`` where there is nothing to draw.

    Args:
        session: Of the reader.
        live: The run.
        title: What is drawn.
        trace: The points.
        empty: A sentence.
        target: A level to compare it with.
        went_back: What was superseded, and where.
        points: Whether each point is marked.
    """
    card_title(title, session.say("page.live.by_step"))
    if not trace.steps:
        show(element("p", text(empty), class_="pb-note"))
        return
    show(
        trace_markup(
            trace,
            palette=palette(dark=session.dark),
            language=session.language,
            alt=session.say("page.live.curve_alt", metric=title),
            steps_planned=live.run.steps_planned,
            target=target,
            went_back=went_back,
            points=points,
        )
    )
