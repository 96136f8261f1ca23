"""Lists of the live page: runs, workers, and what happened."""

from typing import Any

import streamlit as st

from frontend.components.headings import card_title
from frontend.components.markup import element, show, show_table, text
from frontend.components.terms import head_cell
from frontend.live_runs import by_interest
from frontend.session import Session, local
from planner.exchange.page_states import Event, LiveRun, LiveView
from planner.exchange.states import WorkerState
from wording.language import Language
from wording.numbers import number, percent, significant
from wording.runs import named_run, run_name
from wording.times import duration, moment

ROW_PX = 35
MOST_ROWS = 12

JUST_NOW_S = 6
"""A worker beats every two seconds; up to here nobody need wonder."""


def runs(session: Session, view: LiveView) -> None:
    """Every run, what is of most interest first."""
    with st.container(border=True, key="card-live-runs"):
        card_title(session.say("page.live.runs"), session.say("page.live.runs_hint"))
        rows = [_row(session, live) for live in by_interest(view.runs)]
        st.dataframe(
            rows,
            key="live.runs",
            hide_index=True,
            row_height=ROW_PX,
            height=ROW_PX * (min(len(rows), MOST_ROWS) + 1) + 2,
            column_config=_columns(session),
            placeholder="",
            alt=session.say("page.live.runs_alt"),
        )


def _row(session: Session, live: LiveRun) -> dict[str, Any]:
    language = session.language
    run = live.run
    metric = None if live.last_metric is None else significant(live.last_metric, language)
    return {
        "run": run_name(run.run, language),
        "state": _state(session, live),
        "progress": live.progress_fraction,
        "loss": [value for value in live.loss.values if value is not None] or None,
        "metric": metric,
        "position": run.queue_position,
        "priority": run.priority,
        "devices": run.device_count,
        "when": _when(session, live),
    }


def _state(session: Session, live: LiveRun) -> str:
    """What it does, with a mark for each time that a divergence sent it back and each warning."""
    state = session.say(f"run_status.{live.run.status}")
    return " ".join([state, *["↩"] * len(live.rollbacks), *["!"] * len(live.warnings)])


def _when(session: Session, live: LiveRun) -> str | None:
    """When it starts, or ends."""
    language = session.language
    if live.expected_start_s is not None:
        return session.say("page.live.starts_in", time=duration(live.expected_start_s, language))
    if live.run.status == "running" and live.expected_finish_s is not None:
        return session.say("page.live.ends_in", time=duration(live.expected_finish_s, language))
    return None


def _columns(session: Session) -> dict[str, Any]:
    def named(name: str) -> str:
        return session.say(f"page.live.column_{name}")

    column = st.column_config
    return {
        "run": column.TextColumn(named("run"), width=260),
        "state": column.TextColumn(named("state"), width=100),
        "progress": column.ProgressColumn(named("progress"), format="percent", width=150),
        "loss": column.LineChartColumn(named("loss"), width=130),
        "metric": column.TextColumn(named("metric"), alignment="right", width=90),
        "position": column.NumberColumn(named("position"), width=70),
        "priority": column.NumberColumn(named("priority"), width=80),
        "devices": column.NumberColumn(named("devices"), width=70),
        "when": column.TextColumn(named("when"), width=150),
    }


def workers(session: Session, view: LiveView) -> None:
    """Who trains, on which device, and when they were last heard of."""
    with st.container(border=True, key="card-live-workers"):
        card_title(session.say("page.live.workers"), session.say("page.live.workers_hint"))
        if not view.workers:
            show(element("p", text(session.say("page.live.no_workers")), class_="pb-note"))
            return
        names = ("worker", "device", "devices", "seen", "runs")
        head = [
            head_cell(session.say(f"page.live.worker_{name}"), session.language) for name in names
        ]
        running = {live.run.id: run_name(live.run.run, session.language) for live in view.runs}
        rows = [element("tr", *_worker(session, one, running)) for one in view.workers]
        table = element(
            "table",
            element("thead", element("tr", *head)),
            element("tbody", *rows),
            class_="pb-grid pb-words",
        )
        show_table(table, label=session.say("page.live.workers"))
        for worker in view.workers:
            for troubled, key in (
                (worker.disk_full, "page.live.worker_disk_full"),
                (worker.store_away, "page.live.worker_store_away"),
            ):
                if troubled:
                    told = session.say(key, worker=worker.name)
                    show(element("p", text(told), class_="pb-remark pb-warning"))


def _worker(session: Session, worker: WorkerState, running: dict[str, str]) -> list[str]:
    seen = session.say("page.live.never_seen")
    if worker.seen_ago_s is not None and worker.seen_ago_s < JUST_NOW_S:
        seen = session.say("page.live.just_now")
    elif worker.seen_ago_s is not None:
        ago = duration(round(worker.seen_ago_s), session.language)
        seen = session.say("page.live.ago", time=ago)
    held = [running.get(run_id, session.say("page.live.other_pilot")) for run_id in worker.run_ids]
    cells = (
        worker.device.name,
        number(worker.device_count, session.language),
        seen,
        ", ".join(held) or session.say("page.live.idle"),
    )
    name = element("th", text(worker.name), scope="row")
    return [name, *(element("td", text(cell)) for cell in cells)]


def log(session: Session, view: LiveView) -> None:
    """What happened, newest first."""
    with st.container(border=True, key="card-live-log"):
        card_title(session.say("page.live.log"), session.say("page.live.log_hint"))
        lines = [element("li", *_event(session, event)) for event in view.events]
        if not lines:
            show(element("p", text(session.say("page.live.log_empty")), class_="pb-note"))
            return
        show(
            element(
                "ol", *lines, class_="pb-log", tabindex="0", aria_label=session.say("page.live.log")
            )
        )


def _event(session: Session, event: Event) -> list[str]:
    at = moment(local(event.at), session.language)
    params = {**event.params, "run": _run_of(event, session.language)}
    if "rate_factor" in params:
        params["share"] = percent(float(params["rate_factor"]), session.language)
    sentence = session.say(f"event.{event.kind}", **params)
    return [element("time", text(at)), element("span", text(sentence.strip()))]


def _run_of(event: Event, language: Language) -> str:
    """Name of the run that an event concerns; empty where it concerns the pilot."""
    if "schedule" not in event.params:
        return ""
    return named_run(
        schedule=str(event.params["schedule"]),
        rate_multiplier=float(event.params["rate_multiplier"]),
        seed=int(event.params["seed"]),
        language=language,
    )
