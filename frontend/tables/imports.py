"""What was found in a file to be imported, as tables."""

from collections.abc import Iterable

from frontend.components.markup import element, framed_table, text
from planner.economics.cost import SECONDS_PER_HOUR
from planner.exchange.imports import ImportRead, ReadRun, ReadSchedule
from planner.imports.look import Look
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number, significant
from wording.times import duration

MOST_ROWS = 8
MOST_RUNS = 50


def first_rows(found: Look, language: Language) -> str:
    """The first rows as they are written."""
    width = len(found.first_rows[0]) if found.first_rows else 0
    return framed_table(
        say("page.import.first_rows", language),
        heads=_heads(column.name for column in found.columns[:width]),
        rows=(
            element("tr", *(element("td", text(cell)) for cell in row))
            for row in found.first_rows[:MOST_ROWS]
        ),
    )


def runs(read: ImportRead, language: Language) -> str:
    """Every run that the mapping finds, as far as a page can show them."""
    heads = ("run", "schedule", "seed", "rows", "last_step", "trained", "ended")
    return framed_table(
        say("page.import.runs", language),
        heads=(_head(head, language, of_words=head == "schedule") for head in heads),
        rows=(_run(run, language) for run in read.runs[:MOST_RUNS]),
    )


def schedules(read: ImportRead, language: Language, *, epoch_known: bool) -> str:
    """What the runs of each schedule logged of it, and whether one was recognised.

    Args:
        read: What the mapping gives.
        language: Of the reader.
        epoch_known: Whether the samples of an epoch were told, without which none is recognised.
    """
    unknown = "not_inferred" if epoch_known else "later"
    heads = ("schedule", "runs", "rates", "batches", "inferred")
    return framed_table(
        say("page.import.schedules", language),
        heads=(_head(head, language) for head in heads),
        rows=(_schedule(one, unknown, language) for one in read.schedules),
    )


def _run(run: ReadRun, language: Language) -> str:
    ended = "diverged" if run.diverged_at is not None else run.ended
    trained = (
        None if run.trained_h is None else duration(run.trained_h * SECONDS_PER_HOUR, language)
    )
    cells = (
        (run.name, False),
        (run.schedule, False),
        ("–" if run.seed is None else str(run.seed), True),
        (number(run.rows, language), True),
        (number(run.last_step, language), True),
        (trained or say("page.import.no_time", language), True),
        (say(f"page.import.ended_{ended}", language), False),
    )
    return _cells(cells)


def _schedule(one: ReadSchedule, unknown: str, language: Language) -> str:
    known = "inferred" if one.inferred is not None else unknown
    return _cells(
        (
            (one.name, False),
            (number(one.runs, language), True),
            (_span(one.learning_rate, language), True),
            (_span(one.batch_size, language), True),
            (say(f"page.import.schedule_{known}", language), False),
        )
    )


def _span(values: Iterable[float | None], language: Language) -> str:
    """The first, and the last where it is another."""
    known = [value for value in values if value is not None]
    if not known:
        return say("page.import.not_logged", language)
    ends = dict.fromkeys(significant(value, language) for value in (known[0], known[-1]))
    return " → ".join(ends)


def _cells(cells: Iterable[tuple[str, bool]]) -> str:
    return element(
        "tr",
        *(
            element("td", text(content), class_=None if right else "pb-text")
            for content, right in cells
        ),
    )


def _head(column: str, language: Language, *, of_words: bool = False) -> str:
    """The head of a column; above words it begins where they do."""
    name = say(f"page.import.column_{column}", language)
    return element("th", text(name), scope="col", class_="pb-text" if of_words else None)


def _heads(names: Iterable[str]) -> list[str]:
    return [element("th", text(name), scope="col") for name in names]
