"""Schedules that are stated for an import, on the page's own desk."""

from dataclasses import replace
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from planner.exchange.imports import ImportRead, ImportState, ReadSchedule
from tests.support.brought_files import KNOWN_MAPPING


def fields(state: "ImportState") -> None:
    """Runs in the page's own script; so it imports what it needs."""
    import streamlit as st

    from frontend.session import Session
    from frontend.views import import_stated

    session = Session(api=None, me=None, language="en", dark=False)  # type: ignore[arg-type]
    assert state.read is not None
    found = import_stated.stated(session, state, state.read, ["growing"])
    st.session_state["said"] = found["growing"]


def mapped(batch_size: float, **mapping: object) -> ImportState:
    """A file of one schedule whose first batch is read as so many samples."""
    growing = ReadSchedule(
        name="growing",
        runs=3,
        steps=(0, 500),
        learning_rate=(0.1, 0.1),
        batch_size=(batch_size, batch_size),
        inferred=None,
        not_inferred="no_form_fits",
    )
    return ImportState(
        id="one",
        file_name="runs.csv",
        size_bytes=1,
        sha256="0" * 64,
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        created_by="owner",
        phase="terms",
        mapping=replace(KNOWN_MAPPING, **{"training_samples": 1000, **mapping}),
        read=ImportRead(runs=(), schedules=(growing,), metrics=()),
    )


def test_after_another_mapping_the_fields_begin_with_what_it_reads() -> None:
    page = AppTest.from_function(fields, args=(mapped(64),), default_timeout=60).run()
    page.selectbox[0].select("stated").run()
    assert not page.exception
    assert page.session_state["said"]["batch_size"]["initial"] == 64
    page.args = (mapped(512, training_samples=4000),)
    page.run()
    assert not page.exception
    assert page.session_state["said"]["batch_size"]["initial"] == 512


def test_what_was_typed_stays_while_the_mapping_does() -> None:
    page = AppTest.from_function(fields, args=(mapped(64),), default_timeout=60).run()
    page.selectbox[0].select("stated").run()
    rate = next(one for one in page.number_input if one.value == 0.1)
    rate.set_value(0.25).run()
    page.args = (replace(mapped(64), progress_fraction=0.5),)
    page.run()
    assert page.session_state["said"]["learning_rate"]["initial"] == 0.25
