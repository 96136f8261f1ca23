"""Settings of the installation: its month, where notifications are sent, and who may come in."""

import streamlit as st

from frontend.components.headings import page_title
from frontend.session import Session
from frontend.views import (
    settings_access,
    settings_backups,
    settings_caps,
    settings_webhook,
    settings_workers,
)


def show(session: Session) -> None:
    """Draws the page; only an administrator can change anything."""
    page_title(session.say("page.settings.title"), session.say("page.settings.subtitle"))
    with st.container(key="split-settings"):
        left, right = st.columns(2, gap="medium")
    with left:
        settings_caps.caps(session)
    with right:
        settings_caps.changes(session)
    settings_webhook.webhook(session)
    settings_backups.backups(session)
    settings_workers.workers(session)
    settings_access.access(session)
