"""What page, command and API say to each other about files of production trainings."""

from dataclasses import dataclass

from planner.decisions.result_rows import ResultRow
from planner.decisions.results_mapping import ResultsMapping, ScheduleUse
from planner.exchange.decisions import Adoption
from planner.exchange.states import check_reason
from planner.imports.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsOrder:
    """A file that was brought, and what it says.

    Attributes:
        import_id: Of the file.
        mapping: What it says.
    """

    import_id: str
    mapping: ResultsMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundScheduleUse:
    """A schedule of the file.

    Attributes:
        name: As the file calls it.
        trainings: Under it.
        use: What it is in the pilot; None until somebody says it.
    """

    name: str
    trainings: int
    use: ScheduleUse | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPreview:
    """What a file would add; nothing is stored.

    Attributes:
        sha256: Of the file.
        asked: What must be said before its rows can be read.
        schedules: Those of the file, in the order in which they come.
        rows: Every training; none as long as something is asked.
    """

    file_name: str
    sha256: str
    asked: tuple[Question, ...] = ()
    schedules: tuple[FoundScheduleUse, ...] = ()
    rows: tuple[ResultRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWithdrawal:
    """Lets every training that was taken from a file count no longer.

    Attributes:
        sha256: Of the file.
        reason: Why; kept in the audit trail.
    """

    sha256: str
    reason: str = ""

    def __post_init__(self) -> None:
        check_reason(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsStored:
    """What a file added.

    Attributes:
        stored: New results.
        known: Trainings that were stored before, and are not doubled.
        left_out: Trainings that the mapping leaves out.
        adoption: Where the decision stands with them.
    """

    file_name: str
    sha256: str
    stored: int
    known: int
    left_out: int
    adoption: Adoption
