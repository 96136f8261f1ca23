"""Old rows that nothing rests on: counted, or removed a portion at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from sqlalchemy import (
    ColumnElement,
    String,
    cast,
    delete,
    exists,
    func,
    inspect,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from backend.tables import (
    Base,
    ChunkRow,
    DecisionRow,
    DraftRow,
    IdempotencyRow,
    LogRow,
    PilotRow,
    ReportRow,
    RunRow,
    SignInRow,
    SnapshotRow,
    TokenRow,
)
from planner.exchange.retention import RetentionKind

DETAIL = ("train", "watch")
"""Series that are only drawn while somebody looks; reviews and reports rest on the others."""

ROWS_AT_ONCE = 500
"""In one transaction: those who write meanwhile, and the leases, wait no longer than for these."""

RUNS_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """Rows of a table, and what is measured of each to say how much they hold."""

    table: type[Base]
    chosen: tuple[ColumnElement[bool], ...]
    measured: tuple[ColumnElement[int], ...]


def old(before: datetime) -> Mapping[RetentionKind, Old]:
    """Everything older than a moment, in an order in which it can be removed."""
    runs = _runs_that_nothing_rests_on(before)
    gone = or_(TokenRow.expires_at < before, TokenRow.revoked_at < before)
    gone_tokens = select(TokenRow.id).where(gone)
    return {
        "series": Old(
            table=ChunkRow,
            chosen=(ChunkRow.run_id.in_(runs), ChunkRow.series_group.in_(DETAIL)),
            measured=tuple(
                func.length(column)
                for column in (ChunkRow.steps, ChunkRow.samples, ChunkRow.minima, ChunkRow.maxima)
            ),
        ),
        "logs": Old(
            table=LogRow,
            chosen=(LogRow.run_id.in_(runs), LogRow.written_at < before),
            measured=(func.length(LogRow.text),),
        ),
        "drafts": Old(
            table=DraftRow,
            chosen=(DraftRow.saved_at < before,),
            measured=(func.length(cast(DraftRow.body, String)),),
        ),
        "links": Old(
            table=SignInRow,
            chosen=(
                SignInRow.expires_at < before,
                or_(SignInRow.token_id.is_(None), SignInRow.token_id.in_(gone_tokens)),
            ),
            measured=(func.length(SignInRow.code_hash),),
        ),
        "credentials": Old(
            table=TokenRow,
            chosen=(gone, TokenRow.id.not_in(_tokens_with_links(before))),
            measured=(func.length(TokenRow.token_hash),),
        ),
        "answers": Old(
            table=IdempotencyRow,
            chosen=(IdempotencyRow.created_at < before,),
            measured=(func.length(cast(IdempotencyRow.answer, String)),),
        ),
    }


def measure(session: Session, found: Old) -> tuple[int, int]:
    """Number of rows, and the bytes that they hold."""
    size = sum(found.measured[1:], start=found.measured[0])
    counted = select(func.count(), func.coalesce(func.sum(size), 0)).select_from(found.table)
    rows, size_bytes = session.execute(counted.where(*found.chosen)).one()
    return int(rows), int(size_bytes)


def remove(session: Session, found: Old) -> None:
    """Removes the rows."""
    session.execute(
        delete(found.table).where(*found.chosen).execution_options(synchronize_session=False)
    )


def next_runs(session: Session, before: datetime) -> Sequence[str]:
    """Runs whose curves and logs go next: each with all of them, at least one if there is any."""
    detail = old(before)
    wanted = [_of_run(found) for found in (detail["series"], detail["logs"])]
    runs = session.scalars(
        select(RunRow.id)
        .where(RunRow.id.in_(_runs_that_nothing_rests_on(before)), or_(*wanted))
        .order_by(RunRow.id)
        .limit(RUNS_AT_ONCE)
    ).all()
    rows = Counter[str]()
    for found in (of_runs(detail["series"], runs), of_runs(detail["logs"], runs)):
        run_id = _column(found, "run_id")
        counted = select(run_id, func.count()).where(*found.chosen).group_by(run_id)
        for run, count in session.execute(counted):
            rows[run] += count
    totals = accumulate(rows[run] for run in runs)
    fitting = sum(total <= ROWS_AT_ONCE for total in totals)
    return runs[: max(fitting, 1)]


def of_runs(found: Old, runs: Sequence[str]) -> Old:
    """What of it belongs to these runs."""
    return replace(found, chosen=(*found.chosen, _column(found, "run_id").in_(runs)))


def some(found: Old, rows: int) -> Old:
    """At most so many rows of it."""
    key = tuple_(*inspect(found.table).primary_key)
    few = select(*inspect(found.table).primary_key).where(*found.chosen).limit(rows)
    return replace(found, chosen=(key.in_(few),))


def _of_run(found: Old) -> ColumnElement[bool]:
    """Whether a run has any of it."""
    mine = _column(found, "run_id") == RunRow.id
    return exists().where(mine, *found.chosen)


def _column(found: Old, name: str) -> ColumnElement[str]:
    column: ColumnElement[str] = inspect(found.table).columns[name]
    return column


def _runs_that_nothing_rests_on(before: datetime) -> ColumnElement[str]:
    """Runs of pilots that are over and of which nobody decided, signed or reported anything."""
    kept = [select(row.pilot_id) for row in (DecisionRow, SnapshotRow, ReportRow)]
    lately = or_(RunRow.ended_at.is_(None), RunRow.ended_at >= before)
    ended = select(RunRow.pilot_id).where(lately).correlate(None)
    over = select(PilotRow.id).where(
        PilotRow.phase.in_(("done", "cancelled")),
        PilotRow.id.not_in(ended),
        *(PilotRow.id.not_in(one) for one in kept),
    )
    return select(RunRow.id).where(RunRow.pilot_id.in_(over)).correlate(None).scalar_subquery()


def _tokens_with_links(before: datetime) -> ColumnElement[str]:
    """Credentials whose link stays, so they do."""
    return (
        select(SignInRow.token_id)
        .where(SignInRow.token_id.is_not(None), SignInRow.expires_at >= before)
        .scalar_subquery()
    )
