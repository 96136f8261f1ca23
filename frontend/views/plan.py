"""Plan a pilot in three steps; each can be left and found again by its link."""

import streamlit as st

from frontend.components.fields import Fields
from frontend.components.markup import element, literal, text
from frontend.components.markup import show as put
from frontend.planning import desk as plan_desk
from frontend.planning.desk import Judgement
from frontend.planning.form import STEPS, Step, step_of
from frontend.session import Session, local
from frontend.views import plan_money, plan_schedules, plan_workload
from wording.times import moment

_STEP_VIEWS = {1: plan_workload.show, 2: plan_schedules.show, 3: plan_money.show}


def show(session: Session) -> None:
    """Draws the page."""
    document = plan_desk.document_on_desk(session)
    judgement = plan_desk.judged(session, document)
    fields = Fields(session=session, document=document, remarks=judgement.remarks)
    _head(fields)
    step = _steps(fields)
    _STEP_VIEWS[step](fields, judgement)
    _foot(fields, judgement, step)


def _head(fields: Fields) -> None:
    session = fields.session
    name = str(fields.read("pilot.name") or fields.words("unnamed"))
    kept = _kept(fields)
    title, drafts = st.columns([4, 1], vertical_alignment="center")
    with title:
        put(
            element("h1", text(session.say("page.nav.plan")), class_="pb-title")
            + element("p", text(f"{name} · {kept}"), class_="pb-subtitle")
        )
    with drafts:
        menu = st.popover(
            fields.words("drafts"),
            icon=":material/drafts:",
            key="plan.drafts",
            on_change="rerun",
            width="stretch",
        )
    if menu.open:
        with menu:
            _drafts(fields)


def _kept(fields: Fields) -> str:
    """Whether and when the plan was saved, or why it is not."""
    if not plan_desk.keep(fields.session):
        may = fields.session.may(plan_desk.SAVE_ROUTE)
        return fields.words("not_saved" if may else "not_saved_by_role")
    at = plan_desk.saved_at()
    if at is None:
        return fields.words("not_saved_yet")
    return fields.words("saved", at=moment(local(at), fields.session.language))


def _drafts(fields: Fields) -> None:
    """Other plans that were left, and a new one."""
    session = fields.session
    st.button(
        fields.words("begin"),
        icon=":material/add:",
        key="plan.begin",
        on_click=plan_desk.begin,
        args=(session,),
        width="stretch",
    )
    for draft in session.api.drafts()[:10]:
        at = moment(local(draft.saved_at), session.language)
        st.button(
            literal(fields.words("draft", name=draft.name or fields.words("unnamed"), at=at)),
            key=f"plan.take.{draft.id}",
            type="tertiary",
            on_click=plan_desk.take,
            args=(session, draft.id),
        )


def _steps(fields: Fields) -> Step:
    """The three steps by name, each with the number of fields that need attention."""
    refused = [step_of(remark.field) for remark in fields.remarks if remark.refused]

    def name(step: Step) -> str:
        title = fields.words(f"step_{step}")
        count = refused.count(step)
        return fields.words("step_refused", step=title, count=count) if count else title

    st.session_state["plan.steps"] = plan_desk.current_step()
    st.segmented_control(
        fields.words("steps"),
        STEPS,
        key="plan.steps",
        format_func=name,
        required=True,
        on_change=lambda: plan_desk.go_to(st.session_state["plan.steps"]),
        label_visibility="collapsed",
        width="stretch",
    )
    return plan_desk.current_step()


def _foot(fields: Fields, judgement: Judgement, step: Step) -> None:
    """The way on and back; on the last step the start."""
    back, _, on = st.columns([1, 2, 1])
    if step > 1:
        back.button(
            fields.words("back"),
            icon=":material/arrow_back:",
            key="plan.back",
            on_click=plan_desk.go_to,
            args=(step - 1,),
            width="stretch",
        )
    if step < STEPS[-1]:
        on.button(
            fields.words("next"),
            icon=":material/arrow_forward:",
            icon_position="right",
            key="plan.next",
            type="primary",
            on_click=plan_desk.go_to,
            args=(step + 1,),
            width="stretch",
        )
    else:
        with on:
            plan_money.start_button(fields, judgement)
