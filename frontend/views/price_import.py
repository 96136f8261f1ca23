"""A SkyPilot catalogue brought into the price book; its wrong lines are named."""

from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.refusals import show_refusal
from frontend.price_book import calls, forms
from frontend.session import Session
from frontend.views import price_said
from frontend.views.price_entry import day
from frontend.views.price_said import FIELD

LARGEST_FILE_MIB = 20

TEXTS = ("catalogue_vendor", "catalogue_regions", "catalogue_devices")


def show(session: Session) -> None:
    """Draws the form."""
    words = partial(_words, session)
    with st.container(border=True, key="card-price-import"):
        card_title(words("import_title"), words("import_hint"))
        file = st.file_uploader(
            words("catalogue"),
            type="csv",
            key="prices.catalogue",
            max_upload_size=LARGEST_FILE_MIB,
        )
        vendor, read = st.columns(2)
        with vendor:
            typed = {"vendor": st.text_input(words("catalogue_vendor"), key=FIELD + "vendor_of")}
        with read:
            as_of = day(session, "as_of")
        regions, devices = st.columns(2)
        with regions:
            typed["regions"] = st.text_input(
                words("catalogue_regions"), key=FIELD + "regions", help=words("comma_hint")
            )
        with devices:
            typed["devices"] = st.text_input(
                words("catalogue_devices"), key=FIELD + "devices", help=words("comma_hint")
            )
        sent = st.button(
            words("import_now"),
            key="prices.import",
            type="primary",
            **session.offer("POST /api/prices:import", disabled=file is None),
        )
        if sent and file is not None:
            _send(session, file, typed, as_of)
        price_said.tell_done()


def _send(session: Session, file: UploadedFile, typed: dict[str, str], as_of: str) -> None:
    words = partial(_words, session)
    try:
        done = calls.import_catalogue(
            session.api,
            {
                "text": file.getvalue().decode("utf-8", errors="replace"),
                "vendor": typed["vendor"],
                "as_of": as_of,
                "source": f"SkyPilot catalogue {file.name}",
                "regions": forms.names(typed["regions"]),
                "devices": forms.names(typed["devices"]),
            },
        )
    except ApiRefused as refused:
        labels = {"vendor": words("catalogue_vendor"), "as_of": words("field_as_of")}
        show_refusal(session, refused, labels)
        return
    price_said.done(
        session.say(
            "page.prices.was_imported",
            added=done.added,
            unchanged=done.unchanged,
            skipped=done.skipped,
            retired=done.retired,
        )
    )
    st.rerun()


def _words(session: Session, key: str) -> str:
    return session.say(f"page.prices.{key}")
