"""What becomes of every training of a file: a new result, a known one, left out, or refused."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from planner.decisions.production_result import KeptResult, ProductionResult, ResultOrigin
from planner.decisions.promise import Promise
from planner.decisions.realised import check_result
from planner.decisions.results_mapping import ResultsMapping, ScheduleUse
from planner.refusal import Refusal

RowFate = Literal["new", "known", "left_out", "refused"]

MOST_TRAININGS = 1000
"""Of one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRefusal:
    """Why a training cannot be taken.

    Attributes:
        column: Of the file; empty where no single column is wrong.
        code: Message key below ``refusal.``.
        params: Values for the message's placeholders.
    """

    column: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTraining:
    """One training as a file tells it.

    Attributes:
        line: Of its row; None for a run of a log.
        name: Its id, or the name of the run; empty without one.
        schedule: As the file calls it.
        result: None where something of it cannot be read.
        refusals: What cannot.
    """

    line: int | None
    name: str
    schedule: str
    result: ProductionResult | None
    refusals: tuple[RowRefusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """What becomes of one training of a file.

    Attributes:
        line: Of its row; None for a run of a log.
        name: Its id, or the name of the run; empty without one.
        schedule: As the file calls it.
        result: What is stored, or was; None where it is left out or refused.
        refusals: Why it is refused.
    """

    line: int | None
    name: str
    schedule: str
    fate: RowFate
    result: KeptResult | None = None
    refusals: tuple[RowRefusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAgainst:
    """What the trainings of a file are held against.

    Attributes:
        promise: Of the newest sign-off.
        baseline: Name of the schedule that the pilot compares with.
        signed_on: ISO day of the sign-off.
        today: ISO day.
        kept: Results that count already.
    """

    promise: Promise
    baseline: str
    signed_on: str
    today: str
    kept: tuple[KeptResult, ...] = ()

    def use_of(self, schedule: str, mapping: ResultsMapping) -> ScheduleUse | None:
        """What a schedule of a file is; None where nobody said it."""
        own: dict[str, ScheduleUse] = {
            self.baseline: "baseline",
            self.promise.schedule: "candidate",
        }
        return mapping.schedules.get(schedule) or own.get(schedule)


def refused_at(refusal: Refusal, column: str) -> RowRefusal:
    """A refusal of a value, at the column that it came from."""
    params = {name: str(value) for name, value in refusal.params.items()}
    return RowRefusal(column=column, code=refusal.code, params=params)


def judged(
    trainings: Sequence[FileTraining],
    mapping: ResultsMapping,
    against: HeldAgainst,
    *,
    file_name: str,
    sha256: str,
) -> tuple[ResultRow, ...]:
    """What becomes of every training of a file, in its order."""
    repeated = {
        name for name, count in Counter(one.name for one in trainings).items() if name and count > 1
    }
    return tuple(
        _row(
            one,
            mapping,
            against,
            ResultOrigin(file_name=file_name, sha256=sha256, line=one.line, name=one.name),
            repeated=one.name in repeated,
        )
        for one in trainings
    )


def _row(
    one: FileTraining,
    mapping: ResultsMapping,
    against: HeldAgainst,
    origin: ResultOrigin,
    *,
    repeated: bool,
) -> ResultRow:
    row = ResultRow(line=one.line, name=one.name, schedule=one.schedule, fate="left_out")
    if one.refusals or one.result is None:
        return replace(row, fate="refused", refusals=one.refusals)
    use = against.use_of(one.schedule, mapping)
    early = one.result.day < against.signed_on and mapping.earlier == "leave_out"
    if use == "leave_out" or early:
        return row
    try:
        if use is None:
            raise Refusal("schedule", "results_schedule_unknown", schedule=one.schedule)
        if repeated:
            raise Refusal("name", "results_id_repeated", name=one.name)
        check_result(against.promise, one.result, signed_on=against.signed_on, today=against.today)
        result = _kept(replace(one.result, role=use), origin)
        known = _known(result, origin, against.kept)
    except Refusal as refusal:
        column = mapping.columns.get(refusal.field, "")
        return replace(row, fate="refused", refusals=(refused_at(refusal, column),))
    return replace(row, fate="known" if known else "new", result=known or result)


def _kept(result: ProductionResult, origin: ResultOrigin) -> KeptResult:
    stated = {one.name: getattr(result, one.name) for one in fields(result)}
    return KeptResult(**stated, origin=origin)


def _known(
    result: KeptResult, origin: ResultOrigin, kept: Sequence[KeptResult]
) -> KeptResult | None:
    """The same training, stored before; None for a new one.

    The same place of the same file is the same training, and so is an id of a table. Names of runs
    come again, as "train" does: in another file they mean the same training where all else is the
    same, too.

    Raises:
        Refusal: It was stored with other values.
    """
    for before in kept:
        if before.origin is None or not _may_be_same(before.origin, origin):
            continue
        if replace(before, origin=origin) == result:
            return before
        if origin.line is not None or before.origin.sha256 == origin.sha256:
            raise Refusal("name", "results_differ", file=before.origin.file_name)
    return None


def _may_be_same(before: ResultOrigin, now: ResultOrigin) -> bool:
    if now.line is not None and (before.sha256, before.line) == (now.sha256, now.line):
        return True
    if before.name != now.name:
        return False
    if before.sha256 == now.sha256:
        return before.line == now.line or bool(now.name)
    return bool(now.name) and (before.line is None) == (now.line is None)
