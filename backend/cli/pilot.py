"""``paybatch pilot run``: a whole pilot from a file to its verdict, starting what it needs."""

import socket
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from backend.cli.client import Client
from backend.cli.data import check_data_here
from backend.cli.files import read
from backend.cli.installation import data_folders, devices_here, start
from backend.cli.leaving import Leaving, leave_on_signals
from backend.cli.options import Failed, devices_option, file_argument, language_option
from backend.cli.plug_ins import known_here
from backend.cli.processes import (
    HEALTHY_WITHIN_S,
    Children,
    EndedEarly,
    NotHealthy,
)
from backend.cli.report_files import REPORTS, emptied, every_order, made_by_api
from backend.cli.verdict import show_review
from backend.reports.pilot_folder import REVIEW, runs_with_series, write_pilot_folder
from backend.services import reviews
from backend.services.pilot_checks import problems_of
from backend.services.rollback_procedures import procedure_of
from backend.settings import Settings, current_settings
from backend.wire.problems import InputError, Problem
from planner.devices.throughput import ThroughputCurve
from planner.exchange.report_files import ReportOrder
from planner.exchange.states import PilotRequest, PilotState
from planner.pilots.pilot import (
    Pilot,
    PilotPhase,
    runs_of_confirmation,
    runs_of_selection,
)
from planner.pilots.run import PHASE_ENDING
from planner.pilots.workload import BUILT_IN, Workload
from planner.reviews.review_input import PilotEvidence
from planner.reviews.selection import Selection, selection_without_sweep
from wording.catalogue import say
from wording.labels import label
from wording.language import Language

POLL_S = 0.25

EXAMPLE = """\b
Example:
  paybatch pilot run pilot.yaml --out out/ --lang en

\b
The same numbers to the last digit, without measuring the throughput again:
  paybatch pilot run pilot.yaml --out again/ --throughput out/throughput.json
"""


@click.group()
def pilot() -> None:
    """Pilots: the runs compared with each other for one workload."""


@pilot.command(epilog=EXAMPLE)
@file_argument
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for review.json, rollback.*.md, every table and series, and the state.",
)
@click.option(
    "--throughput",
    "throughput_file",
    type=click.Path(path_type=Path),
    default=None,
    help="Throughput curve to compose times with, instead of measuring one.",
)
@devices_option()
@click.option(
    "--reports",
    "with_reports",
    is_flag=True,
    help="Also write every report, in both languages, into reports/ below --out.",
)
@click.option("--overwrite", is_flag=True, help="Replace the results in --out.")
@language_option
def run(
    file: Path,
    out: Path,
    throughput_file: Path | None,
    devices: Sequence[str],
    with_reports: bool,
    overwrite: bool,
    language: Language,
) -> None:
    """Runs the pilot in FILE from the first probe to the verdict, and writes everything to --out.

    Starts its own API and worker on this computer and stops them at the end. Ctrl-C stops it;
    what was measured up to then stays in the state below --out.
    """
    if (out / REVIEW).exists() and not overwrite:
        raise InputError((Problem(field=str(out / REVIEW), code="results_exist"),))
    request = PilotRequest(
        pilot=read(Pilot, file),
        throughput=read(ThroughputCurve, throughput_file) if throughput_file else None,
    )
    problems = problems_of(request.pilot, known_here(request.pilot.workload, language))
    if problems:
        raise InputError(tuple(problems))
    reviews.check_terms(request.pilot)
    datasets_dir = data_folders(current_settings())[0]
    check_data_here(request.pilot.workload, datasets_dir, language)
    _make_folder(out)
    leaving = leave_on_signals()
    try:
        with Children(leaving) as children:
            settings = Settings(
                data_dir=out / "state", datasets_dir=datasets_dir, port=_free_port()
            )
            orders = every_order() if with_reports else ()
            _run(
                request,
                out,
                settings,
                devices or devices_here(),
                children,
                leaving,
                language,
                orders,
            )
    except EndedEarly as ended:
        raise Failed(
            say("cli.ended_early_log", language, name=ended.name, log=str(out / "logs"))
        ) from ended
    except NotHealthy as late:
        raise Failed(say("cli.not_healthy", language, seconds=HEALTHY_WITHIN_S)) from late


def _make_folder(out: Path) -> None:
    """Before anything is started: there is a place for the results."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError((Problem(field=str(out), code="folder_not_writable"),)) from error


def _run(
    request: PilotRequest,
    out: Path,
    settings: Settings,
    devices: Sequence[str],
    children: Children,
    leaving: Leaving,
    language: Language,
    orders: Sequence[ReportOrder],
) -> None:
    running = start(
        children,
        settings,
        devices=devices,
        cpu_processes=request.pilot.most_devices,
        leaving=leaving,
        logs=out / "logs",
    )
    if running is None:
        return
    with Client(running.url, running.admin_token) as client, _progress() as progress:
        _wait_for_workload(client, request.pilot.workload, children, leaving)
        state = client.start(request.pilot, throughput=request.throughput)
        state = _watch(client, state, children, leaving, progress, language)
        if state.phase != "done":
            raise Failed(say("cli.pilot_not_done", language))
        evidence = _evidence(client, state)
        review = client.review(state.id)
        total = runs_with_series(evidence.records)
        writing = progress.add_task(say("cli.writing", language), total=total + len(orders))
        write_pilot_folder(
            out,
            evidence,
            review,
            procedure_of(evidence, review),
            look=state.looks_used,
            series_of=client.every_point,
            progress=lambda done: progress.update(writing, completed=done),
        )
        for _ in made_by_api(client, state.id, orders, emptied(out / REPORTS)):
            progress.advance(writing)
    show_review(review, language)
    click.echo(say("cli.written", language, folder=str(out)))


def _wait_for_workload(client: Client, name: str, children: Children, leaving: Leaving) -> None:
    """Waits until a worker has reported a plug-in's workload; built-in ones are always known.

    Raises:
        EndedEarly: The worker has ended.
    """
    while _reported(client, name) is None and not leaving.wait(POLL_S):
        children.check()


def _reported(client: Client, name: str) -> Workload | None:
    known = (state.workload for state in client.workloads())
    return next((workload for workload in known if workload.name == name), None)


def _watch(
    client: Client,
    state: PilotState,
    children: Children,
    leaving: Leaving,
    progress: Progress,
    language: Language,
) -> PilotState:
    """Follows a pilot to its end; one bar over its probe and all the runs that it will need.

    Raises:
        EndedEarly: A program that the pilot needs has ended.
        Failed: A run failed; the pilot waits for somebody to look at it.
    """
    probes = 1 if state.throughput is None else 0
    bar = progress.add_task("", total=probes + _planned_runs(state.pilot))
    while state.phase not in ("done", "cancelled") and not leaving.wait(POLL_S):
        children.check()
        state = client.pilot(state.id)
        done = sum(state.run_counts.get(status, 0) for status in PHASE_ENDING)
        progress.update(bar, completed=done, description=_phase(state.phase, language))
        _check_device(client, state, language)
        if state.run_counts.get("failed"):
            failed = client.runs(state.id, status="failed")[0]
            raise Failed(
                say(
                    "cli.run_failed",
                    language,
                    reason=label("reason", failed.reason, language),
                    detail=failed.detail,
                )
            )
    return state


def _check_device(client: Client, state: PilotState, language: Language) -> None:
    """Ends a pilot that would wait for ever: its curve belongs to a device that is not here.

    Raises:
        Failed: Workers have registered, and none of them has the device.
    """
    here = {worker.device.name for worker in client.workers()}
    if here and state.measured_on is not None and state.measured_on not in here:
        known = {"wanted": state.measured_on, "here": ", ".join(sorted(here))}
        raise Failed(say("cli.device_not_here", language, **known))


def _evidence(client: Client, state: PilotState) -> PilotEvidence:
    if state.throughput is None or state.micro_batch_plan is None:
        raise AssertionError("a finished pilot has a curve")
    name = state.pilot.workload
    return PilotEvidence(
        pilot=state.pilot,
        workload=None if name in BUILT_IN else _reported(client, name),
        records=client.records(state.id),
        throughput=state.throughput,
        micro_batch_plan=state.micro_batch_plan,
        scaling=state.scaling,
        selection=Selection(selected=state.selected, finalists=state.finalists, at_edge=()),
    )


def _planned_runs(pilot: Pilot) -> int:
    """Runs of both phases, as if the first candidates became the finalists."""
    guess = selection_without_sweep(pilot)
    confirmation = runs_of_confirmation(pilot, guess.selected, guess.finalists)
    return len(runs_of_selection(pilot)) + len(confirmation)


def _phase(phase: PilotPhase, language: Language) -> str:
    return say(f"pilot_phase.{phase}", language)


def _progress() -> Progress:
    """A bar for people; nothing where standard error is a file."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
