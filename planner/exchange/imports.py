"""What page, command and API say to each other about files of runs that were measured elsewhere."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from planner.imports.logged_run import LoggedEnd
from planner.imports.look import Look
from planner.imports.mapping import ColumnMapping
from planner.imports.terms import ImportTerms
from planner.schedules.schedule import Schedule

ImportPhase = Literal["looking", "mapping", "reading", "terms", "storing", "done", "failed"]
"""Where an import stands; somebody is asked, unless it looks, reads or stores."""

AT_WORK: tuple[ImportPhase, ...] = ("looking", "reading", "storing")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ImportRefusal:
    """Why the last step did not go on.

    Attributes:
        field: What is refused, in the mapping, the terms or the file.
        code: Message key below ``refusal.``.
        params: Values for the message's placeholders.
    """

    field: str
    code: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ReadRun:
    """One run as the mapping reads it.

    Attributes:
        name: As its source calls it.
        schedule: What it trained under.
        seed: None where the source says none.
        rows: Rows that were logged of it.
        last_step: Steps done at the last.
        trained_h: Hours of training at the last row that says them; None without any.
        ended: How its source says it ended.
        diverged_at: Steps done where a metric was first not finite.
    """

    name: str
    schedule: str
    seed: int | None
    rows: int
    last_step: int
    trained_h: float | None
    ended: LoggedEnd
    diverged_at: int | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ReadSchedule:
    """What the runs of one schedule logged of it, and what it looks like.

    Attributes:
        name: Its name.
        runs: Runs under it.
        steps: Steps done at some rows of its longest run, rising.
        learning_rate: There; None where not logged.
        batch_size: There; None where not logged.
        inferred: The schedule that they follow; None where too little was logged.
        also: Other schedules that say every logged row as well, the plainer ones first.
        not_inferred: Message key below ``import.not_inferred``; None where one was inferred, or
            the samples of an epoch were not told.
    """

    name: str
    runs: int
    steps: tuple[int, ...]
    learning_rate: tuple[float | None, ...]
    batch_size: tuple[float | None, ...]
    inferred: Schedule | None
    also: tuple[Schedule, ...] = ()
    not_inferred: str | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ReadCurve:
    """One metric of one run as the mapping reads it, thinned so that no spike is hidden.

    Attributes:
        run: Its name.
        schedule: What it trained under.
        metric: As the mapping calls it.
        steps: Steps done at each point, rising.
        elapsed_s: Seconds of training there; None where not logged.
        values: There; None where the run diverged.
    """

    run: str
    schedule: str
    metric: str
    steps: tuple[int, ...]
    elapsed_s: tuple[float | None, ...]
    values: tuple[float | None, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ImportRead:
    """A file under its mapping: what would be imported.

    Attributes:
        runs: In the order of the file.
        schedules: Likewise.
        metrics: Names of the mapping that a run logged.
        curves: Of the first runs and metrics, by run; as many as a picture can show.
    """

    runs: tuple[ReadRun, ...]
    schedules: tuple[ReadSchedule, ...]
    metrics: tuple[str, ...]
    curves: tuple[ReadCurve, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ImportState:
    """A file that somebody brought, and where its import stands.

    A brief state has none of ``found``, ``mapping``, ``read`` and ``terms``.

    Attributes:
        sha256: Of the file.
        same_as: Pilot that an earlier import of the same file became; None for a new one.
        found: What the file holds; None before it was looked at.
        mapping: What its columns say; None before somebody said it.
        read: What it gives under the mapping; None before it was read.
        terms: What was said beside it; None before.
        progress_fraction: Of what the API is at; None while it is at nothing.
        refusal: Why the last step did not go on; None if it did.
        pilot_id: What the runs became; None before everything is stored.
    """

    id: str
    file_name: str
    size_bytes: int
    sha256: str
    created_at: datetime
    created_by: str
    phase: ImportPhase
    same_as: str | None = None
    found: Look | None = None
    mapping: ColumnMapping | None = None
    read: ImportRead | None = None
    terms: ImportTerms | None = None
    progress_fraction: float | None = None
    refusal: ImportRefusal | None = None
    pilot_id: str | None = None
