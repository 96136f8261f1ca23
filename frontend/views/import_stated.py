"""What a schedule of a file was, where its log does not show it or shows more than one."""

import streamlit as st

from frontend.components.fields import Fields, current, generation, reshaped
from frontend.components.headings import card_title
from frontend.components.markup import element, literal, show, text
from frontend.planning.document import Document
from frontend.planning.schedule_form import schedule_document
from frontend.planning.stated import forms_of, remarks_on_stated, stated_document
from frontend.session import Session
from frontend.views.momentum_fields import momentum_fields
from frontend.views.rate_fields import rate_fields
from frontend.views.schedule_fields import batch_fields
from planner.exchange.imports import ImportRead, ImportState, ReadSchedule
from planner.schedules.schedule import Schedule
from wording.numbers import number

DESK = "import.stated"
_OF = "import.stated.of"
_LOGGED, _STATED = "logged", "stated"


def stated(
    session: Session, state: ImportState, read: ImportRead, names: list[str]
) -> dict[str, Document | None]:
    """What is said of the schedules that are compared, by name, where it is not left to the log.

    Args:
        session: Of who imports.
        state: Where the import stands.
        read: Its file under the mapping.
        names: Of the schedules that are compared.

    Returns:
        The schedule as its fields say it; None where the log does not show it and nobody said it.
    """
    listed = [one.name for one in read.schedules]
    document = _on_desk(state, read)
    found: dict[str, Document | None] = {}
    written: list[int] = []
    for name in names:
        place = listed.index(name)
        one = read.schedules[place]
        chosen = _choice(session, state, one)
        if chosen == _STATED:
            written.append(place)
            found[name] = document["pilot"]["schedules"][place]
        elif chosen != _LOGGED:
            found[name] = None if chosen is None else schedule_document(one.also[int(chosen)])
    if written:
        _fields(session, document, written)
    return found


def _choice(session: Session, state: ImportState, one: ReadSchedule) -> str | None:
    """As the log shows it, another schedule that fits it, or stated here; None while it is open."""
    told = state.mapping is not None and state.mapping.training_samples is not None
    shown = [_LOGGED] if one.inferred is not None or not told else []
    others = [str(place) for place in range(len(one.also))]
    options = [*shown, *others, _STATED]
    names = {
        _LOGGED: _named(session, one.inferred)
        if one.inferred is not None
        else session.say("page.import.schedule_when_stored"),
        **{str(place): _named(session, also) for place, also in enumerate(one.also)},
        _STATED: session.say("page.import.schedule_stated"),
    }
    before = state.terms.schedules if state.terms is not None else ()
    asked = _asked_for(state, one)
    was_stated = asked or any(schedule.name == one.name for schedule in before)
    first = options.index(_STATED) if was_stated else 0 if shown else None
    chosen: str | None = st.selectbox(
        session.say("page.import.schedule_of", schedule=literal(one.name)),
        options,
        index=first,
        format_func=names.__getitem__,
        placeholder=session.say("page.import.please_choose"),
        key=f"{DESK}.choice.{one.name}.{asked}",
    )
    if one.not_inferred is not None:
        reason = session.say(f"import.not_inferred.{one.not_inferred}")
        show(
            element("p", text(session.say("page.import.why_not", reason=reason)), class_="pb-note")
        )
    return chosen


def _asked_for(state: ImportState, one: ReadSchedule) -> bool:
    """Whether the API could not tell this schedule when the runs were to be stored."""
    refusal = state.refusal
    unknown = refusal is not None and refusal.code == "import_schedule_unknown"
    return unknown and refusal is not None and refusal.params.get("schedule") == one.name


def _named(session: Session, schedule: Schedule) -> str:
    rate, batch = (session.say(key) for key in forms_of(schedule))
    return session.say(
        "page.import.schedule_forms",
        rate=rate,
        first=number(schedule.learning_rate.initial, session.language),
        batch=batch,
    )


def _on_desk(state: ImportState, read: ImportRead) -> Document:
    """The document of this import, begun anew for another one, and for another mapping of it."""
    of = (state.id, state.mapping)
    if st.session_state.get(_OF) != of:
        mapped = state.mapping.training_samples if state.mapping else None
        samples = state.terms.training_samples if state.terms else mapped
        before = state.terms.schedules if state.terms else ()
        fresh = stated_document(read.schedules, before, training_samples=samples)
        reshaped(fresh, desk=DESK)
        st.session_state[_OF] = of
    return current(DESK)


def _fields(session: Session, document: Document, places: list[int]) -> None:
    """The fields of one of the schedules that are stated."""
    schedules = document["pilot"]["schedules"]
    with st.container(border=True, key="card-import-stated"):
        place = places[0]
        if len(places) > 1:
            place = st.pills(
                session.say("page.import.schedule_edited"),
                places,
                default=places[0],
                required=True,
                format_func=lambda other: literal(str(schedules[other]["name"])),
                key=f"{DESK}.place.{places}",
            )
        title = session.say("page.import.schedule_of", schedule=str(schedules[place]["name"]))
        card_title(title)
        fields = Fields(
            session=session,
            document=document,
            remarks=remarks_on_stated(document, place),
            desk=DESK,
        )
        path = f"pilot.schedules[{place}]"
        rate_fields(fields, path)
        batch_fields(fields, path, table_key=f"{generation(DESK)}.{place}")
        momentum_fields(fields, path)
