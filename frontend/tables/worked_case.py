"""A worked case as rows: what each step to more devices bought, and cost."""

from collections.abc import Iterable

from frontend.components.markup import element, framed_table, text
from frontend.components.terms import head_cell
from planner.projections.worked_case import WorkedRow
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number, percent, ratio
from wording.times import duration

SECONDS_PER_HOUR = 3600

COLUMNS = (
    *("devices", "batch", "epochs", "time", "device_hours", "faster", "more_device_hours"),
    *("more_epochs", "lost_efficiency", "break_even", "projected", "naive"),
)
"""Keys below ``page.worked_case.column_``."""

CSV_COLUMNS = (
    *("device_count", "batch_size", "epochs", "training_h", "device_h", "speed_up_ratio"),
    *("device_hours_ratio", "epochs_ratio", "efficiency_loss_ratio", "break_even_ratio"),
    *("projected_h", "projection_error_fraction", "naive_error_fraction", "fitted", "source"),
)


def worked_table(rows: Iterable[WorkedRow], language: Language) -> str:
    """The table as markup."""
    heads = [
        head_cell(say(f"page.worked_case.column_{column}", language), language)
        for column in COLUMNS
    ]
    return framed_table(
        say("page.worked_case.table", language),
        heads=heads,
        rows=(_row(row, language) for row in rows),
        class_="pb-table pb-worked",
    )


def csv_rows(rows: Iterable[WorkedRow]) -> list[list[object]]:
    """The same at full precision, in the order of `CSV_COLUMNS`."""
    return [
        [getattr(row if hasattr(row, name) else row.training, name) for name in CSV_COLUMNS]
        for row in rows
    ]


def break_even(row: WorkedRow, language: Language) -> str:
    """Worth of an hour over the price of a device-hour, with three figures."""
    if row.break_even_ratio is None:
        return ""
    decimals = 2 if row.break_even_ratio < 10 else 1 if row.break_even_ratio < 100 else 0
    return ratio(row.break_even_ratio, language, decimals=decimals)


def _row(row: WorkedRow, language: Language) -> str:
    training = row.training
    fitted = say("page.worked_case.fitted", language)
    cells = (
        number(training.batch_size, language),
        number(training.epochs, language),
        duration(training.training_h * SECONDS_PER_HOUR, language),
        number(row.device_h, language, decimals=2),
        ratio(row.speed_up_ratio, language, decimals=1),
        ratio(row.device_hours_ratio, language),
        ratio(row.epochs_ratio, language),
        ratio(row.efficiency_loss_ratio, language),
        break_even(row, language),
        fitted if row.fitted else _error(row.projection_error_fraction, language),
        _error(row.naive_error_fraction, language),
    )
    return element(
        "tr",
        element("th", text(number(training.device_count, language)), scope="row"),
        *(element("td", text(cell)) for cell in cells),
    )


def _error(fraction: float, language: Language) -> str:
    return percent(fraction, language, decimals=1, signed=True)
