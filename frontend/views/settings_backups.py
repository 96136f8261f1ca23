"""Backups: the last one, another one now, and the file to take elsewhere."""

import streamlit as st

from frontend.calls import backups as backup_calls
from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.markup import element, show, text
from frontend.components.refusals import show_refusal
from frontend.session import Session, local
from planner.exchange.backups import Backups, BackupState
from wording.meters import memory
from wording.numbers import number
from wording.times import moment

_SAID = "settings.backups.said"


def backups(session: Session) -> None:
    """The card; only an administrator sees it."""
    if not session.may("GET /api/backups"):
        return
    with st.container(border=True, key="card-settings-backups"):
        card_title(_words(session, "title"), _words(session, "hint"))
        known = backup_calls.backups(session.api)
        last = known.items[0] if known.items else None
        _note(_words(session, "none") if last is None else _told(session, last))
        _note(_rhythm(session, known))
        with st.container(horizontal=True):
            if st.button(_words(session, "make"), key="backups.make", type="primary"):
                _make(session)
            if last is not None:
                _download(session, last)
        if st.session_state.pop(_SAID, False):
            st.success(_words(session, "made"))


def _make(session: Session) -> None:
    try:
        backup_calls.make(session.api)
    except ApiRefused as refused:
        show_refusal(session, refused, {})
        return
    st.session_state[_SAID] = True
    st.rerun()


def _download(session: Session, last: BackupState) -> None:
    st.download_button(
        _words(session, "download"),
        lambda: backup_calls.content(session.api, last.number),
        file_name=last.file_name,
        key=f"backups.download.{last.number}",
        icon=":material/download:",
        on_click="ignore",
    )


def _told(session: Session, last: BackupState) -> str:
    language = session.language
    return _words(
        session,
        "last",
        at=moment(local(last.made_at), language),
        size=memory(last.size_bytes, language),
        cause=session.say(f"backup.cause.{last.cause}"),
    )


def _rhythm(session: Session, known: Backups) -> str:
    language = session.language
    if known.every_h is None:
        return _words(session, "never")
    kept = number(known.kept, language)
    return _words(session, "every", hours=number(known.every_h, language), kept=kept)


def _note(sentence: str) -> None:
    show(element("p", text(sentence), class_="pb-note"))


def _words(session: Session, key: str, **params: str) -> str:
    return session.say(f"page.backups.{key}", **params)
