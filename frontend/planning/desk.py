"""The plan on this browser's desk: found by its link, kept as a draft, judged by the API."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import uuid4

import streamlit as st

from frontend.calls.api import ApiRefused, FieldProblem
from frontend.components.fields import DOCUMENT, reshaped
from frontend.planning.document import Document, read, written
from frontend.planning.form import STEPS, Remark, Step, is_plan, plan_of, remarks_on, request_of
from frontend.planning.name import numbered
from frontend.session import Session, publish
from planner.pilots.pilot import Pilot
from planner.plans.plan_facts import PlanFacts

DRAFT_PARAM, STEP_PARAM = "draft", "step"
SAVE_ROUTE = "PUT /api/drafts/{draft_id}"

_ID, _SAVED, _JUDGED, _STEP = "plan.id", "plan.saved", "plan.judged", "plan.step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the API says about a plan.

    Attributes:
        document: The plan that was judged.
        facts: Of the plan, or of the last one that could be run; None before there was one.
        problems: Why it cannot be started; empty where it can.
    """

    document: Document
    facts: PlanFacts | None
    problems: tuple[FieldProblem, ...]

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Refusals, or the warnings of a plan that has none."""
        return remarks_on(self.document, self.problems, None if self.problems else self.facts)


def document_on_desk(session: Session) -> Document:
    """The plan that the link names, else the one at hand, else a new one; named in the link."""
    document = document_at_hand(session)
    publish({DRAFT_PARAM: st.session_state[_ID], STEP_PARAM: current_step()})
    return document


def document_at_hand(session: Session) -> Document:
    """The same for a page that only looks at it."""
    named = st.query_params.get(DRAFT_PARAM)
    at_hand = st.session_state.get(_ID)
    if DOCUMENT not in st.session_state or (named and named != at_hand):
        if named:
            _take_draft(session, named)
        else:
            _begin(session)
    document: Document = st.session_state[DOCUMENT]
    return document


def kept_id() -> str | None:
    """What the plan at hand is called in a link; None while nothing of it is saved."""
    if st.session_state.get("plan.saved_at") is None:
        return None
    draft_id: str = st.session_state[_ID]
    return draft_id


def begin(session: Session) -> None:
    """A new plan, from its first step."""
    _begin(session)
    go_to(1)


def begin_from(
    session: Session, pilot: Pilot, *, change: Callable[[Document], Document], step: Step
) -> None:
    """A new plan that begins as a pilot with one change, from one of its steps."""
    name = numbered(pilot.name, _own_names(session))
    _lay(str(uuid4()), change(plan_of(pilot, name=name)))
    st.session_state[_SAVED] = None
    go_to(step)


def take(session: Session, draft_id: str) -> None:
    """Goes on with a plan that was left."""
    _take_draft(session, draft_id)
    go_to(1)


def keep(session: Session) -> bool:
    """Saves the plan where it changed; whether what is seen is what is saved.

    Who may not save may still plan, and so may everybody while the disk is full.
    """
    document: Document = st.session_state[DOCUMENT]
    if st.session_state.get(_SAVED) == document:
        return True
    if not session.may(SAVE_ROUTE):
        return False
    body = {**document, "name": str(read(document, "pilot.name") or "")}
    try:
        session.api.save_draft(st.session_state[_ID], body)
    except ApiRefused as refused:
        if refused.status != HTTPStatus.INSUFFICIENT_STORAGE:
            raise
        return False
    st.session_state[_SAVED] = document
    st.session_state["plan.saved_at"] = datetime.now(UTC)
    return True


def saved_at() -> datetime | None:
    """When the plan was saved last; None where it never was."""
    at: datetime | None = st.session_state.get("plan.saved_at")
    return at


def clear(session: Session) -> None:
    """Takes a plan off the desk that has become a pilot."""
    if st.session_state.get("plan.saved_at") is not None:
        session.api.delete_draft(st.session_state[_ID])
    for name in (DOCUMENT, _ID, _SAVED, _JUDGED, "plan.saved_at"):
        st.session_state.pop(name, None)
    publish({DRAFT_PARAM: None, STEP_PARAM: None})


def judged(session: Session, document: Document) -> Judgement:
    """What the API says about the plan; asked once for every state of it."""
    last: Judgement | None = st.session_state.get(_JUDGED)
    if last is not None and last.document == document:
        return last
    facts = None if last is None else last.facts
    problems: tuple[FieldProblem, ...] = ()
    try:
        facts = session.api.plan(request_of(document))
    except ApiRefused as refused:
        problems = refused.problems
    judgement = Judgement(document=document, facts=facts, problems=problems)
    st.session_state[_JUDGED] = judgement
    return judgement


def current_step() -> Step:
    """The step that is shown: the chosen one, else the link's, else the first."""
    if _STEP not in st.session_state:
        named = st.query_params.get(STEP_PARAM, "1")
        st.session_state[_STEP] = int(named) if named in map(str, STEPS) else 1
    step: Step = st.session_state[_STEP]
    return step


def go_to(step: Step) -> None:
    """Shows another step."""
    st.session_state[_STEP] = step
    publish({STEP_PARAM: step})


def _begin(session: Session) -> None:
    """A copy of the first example, not saved until something is changed."""
    example = session.api.examples()[0].pilot
    name = numbered(session.say("page.plan.new_name"), _own_names(session))
    _lay(str(uuid4()), plan_of(example, name=name))
    st.session_state[_SAVED] = st.session_state[DOCUMENT]


def _take_draft(session: Session, draft_id: str) -> None:
    """Lays a draft on the desk; somebody else's becomes a copy of one's own.

    A draft that is not there, or is no plan, becomes a new plan.
    """
    try:
        draft = session.api.draft(draft_id)
    except ApiRefused:
        _begin(session)
        return
    if not is_plan(draft.body):
        _begin(session)
        return
    own = draft.state.owner == session.me.name
    body: Document = draft.body
    if not own:
        name = numbered(str(read(body, "pilot.name") or ""), _own_names(session))
        body = written(body, "pilot.name", name)
    _lay(draft_id if own else str(uuid4()), body)
    st.session_state[_SAVED] = draft.body if own else None
    st.session_state["plan.saved_at"] = draft.state.saved_at if own else None


def _own_names(session: Session) -> set[str]:
    """What the drafts are called that a new one would stand beside."""
    return {draft.name for draft in session.api.drafts()}


def _lay(draft_id: str, document: Document) -> None:
    st.session_state[_ID] = draft_id
    st.session_state["plan.saved_at"] = None
    st.session_state.pop(_JUDGED, None)
    reshaped(document)
