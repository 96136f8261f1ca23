"""The guides for managers and engineers, and all words of the glossary; nothing is fetched."""

from collections.abc import Iterator

import streamlit as st
from markdown_it import MarkdownIt

from frontend.components.headings import page_title
from frontend.components.markup import element, framed_table, text
from frontend.components.markup import show as put
from frontend.guide_text import Reader, guide
from frontend.session import Session, link, linked
from frontend.views import tour
from wording.catalogue import LANGUAGES
from wording.glossary import meaning, term, words

READ_PARAM = "read"
WORDS = "words"
READERS: tuple[Reader, ...] = ("managers", "engineers")


def show(session: Session) -> None:
    """Draws the page."""
    named = linked(READ_PARAM)
    reading = named if named in (*READERS, WORDS) else READERS[0]
    place = st.container(key="guide-head")
    _choice(session, reading)
    with st.container(key="guide"):
        for reader in READERS:
            if reader == reading:
                _guide(session, reader, place)
        if reading == WORDS:
            _words(session, place)


def _choice(session: Session, reading: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            session.say("page.guide.read"),
            (*READERS, WORDS),
            default=reading,
            required=True,
            format_func=lambda name: session.say(f"page.guide.read_{name}"),
            key="guide.read",
            on_change=lambda: link(READ_PARAM, st.session_state["guide.read"]),
            label_visibility="collapsed",
        )
        tour.begin_button(session, key="guide.tour")


def _guide(session: Session, reader: Reader, place: "st.delta_generator.DeltaGenerator") -> None:
    told = guide(reader, session.language)
    with place:
        page_title(told.title)
    for passage in told.passages:
        put(element("div", MarkdownIt().enable("table").render(passage.text), class_="pb-guide"))
        if passage.picture is not None:
            st.image(str(passage.picture), alt=passage.alt, width="stretch")


def _words(session: Session, place: "st.delta_generator.DeltaGenerator") -> None:
    title = session.say("page.guide.read_words")
    with place:
        page_title(title, session.say("page.guide.words_hint"))
    heads = (session.say(f"page.guide.column_{name}") for name in ("word", "meaning"))
    put(
        framed_table(
            title,
            heads=(element("th", text(head), scope="col", class_="pb-text") for head in heads),
            rows=_rows(session),
            class_="pb-table pb-glossary",
        )
    )


def _rows(session: Session) -> Iterator[str]:
    """Word, what it is called in the other language, and what it means."""
    (other,) = (language for language in LANGUAGES if language != session.language)
    for word in words():
        name = term(word, session.language)
        below = element("small", text(term(word, other)), class_="pb-muted", lang=other)
        yield element(
            "tr",
            element("th", text(name[:1].upper() + name[1:]), below, scope="row"),
            element("td", text(meaning(word, session.language)), class_="pb-text"),
        )
