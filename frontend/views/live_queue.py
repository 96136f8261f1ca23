"""What of a pilot waits, for which kind of worker, and why."""

from typing import Any

import streamlit as st

from frontend.components.headings import card_title
from frontend.components.markup import element, framed_table, show, text
from frontend.components.terms import column_heads
from frontend.session import Session
from planner.exchange.page_states import LiveView
from planner.exchange.wait_reasons import WaitingQueue
from wording.numbers import number

_WORDS = ("device", "why")
"""Columns of words; the others hold numbers."""

_COLUMNS = ("device", "devices", "runs", "others", "workers", "busy", "why")


def card(session: Session, view: LiveView) -> None:
    """A row for every kind of worker that runs wait for; nothing where none waits."""
    if not view.queues:
        return
    heads = ((session.say(f"page.live.queue_{name}"), name in _WORDS) for name in _COLUMNS)
    rows = (element("tr", *_row(session, queue)) for queue in view.queues)
    with st.container(border=True, key="card-live-queues"):
        title = session.say("page.live.queues")
        card_title(title, session.say("page.live.queues_hint"))
        show(framed_table(title, heads=column_heads(heads, session.language), rows=rows))


def _row(session: Session, queue: WaitingQueue) -> list[str]:
    kind, language = queue.kind, session.language
    device = kind.device or session.say("page.live.queue_any_device")
    counts = (kind.device_count, kind.runs, queue.other_runs, queue.workers, queue.busy)
    return [
        element("th", text(device), scope="row", class_="pb-text"),
        *(element("td", text(number(count, language))) for count in counts),
        element("td", text(why(session, queue)), class_="pb-text"),
    ]


def why(session: Session, queue: WaitingQueue) -> str:
    """Why its runs wait, as a sentence that says what would help."""
    kind, language = queue.kind, session.language
    params: dict[str, Any] = {
        "workload": kind.workload,
        "device": kind.device or "",
        "store": kind.store_url or "",
        "devices": number(kind.device_count, language),
        "most": number(queue.most_devices, language),
        "fewest": number(queue.fewest_devices, language),
        "worker": queue.worker,
    }
    return session.say(f"wait_reason.{queue.reason}", **params)
