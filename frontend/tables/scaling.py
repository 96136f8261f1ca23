"""Steps on several devices, measured and projected, as people read them and as a file."""

from collections.abc import Iterable

from frontend.components.markup import element, framed_table, text
from frontend.components.terms import column_heads
from planner.projections.scaling_facts import ScalingFacts, ScalingRow
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number, percent, ratio
from wording.times import duration

COLUMNS = (
    *("devices", "batch", "step", "communication", "strong", "weak"),
    *("projected", "projected_over_measured"),
)
"""Keys below ``page.throughput.scaling_``."""

CSV_COLUMNS = (
    *("workload", "device", "dtype", "versions", "payload_bytes"),
    *("device_count", "batch_size", "step_time_s", "spread_fraction", "steps"),
    *("communication_s", "communication_fraction"),
    *("strong_efficiency_fraction", "weak_efficiency_fraction"),
    *("projected_step_time_s", "projected_low_s", "projected_high_s"),
)


def scaling_table(facts: ScalingFacts, language: Language) -> str:
    """A row for every batch on every number of devices."""
    heads = column_heads(((_say(f"scaling_{one}", language), False) for one in COLUMNS), language)
    return framed_table(
        _say("scaling", language),
        heads=heads,
        rows=(_row(row, language) for row in facts.rows),
        class_="pb-table pb-scaling",
    )


def csv_rows(facts: ScalingFacts) -> Iterable[list[object]]:
    """The same at full precision, in the order of `CSV_COLUMNS`."""
    measured = facts.scaling
    for row in facts.rows:
        point, found = row.point, row.projected
        yield [
            *(measured.workload, measured.device, measured.dtype, measured.versions),
            measured.payload_bytes,
            *(point.device_count, point.batch_size, point.step_time_s),
            *(point.spread_fraction, point.steps),
            *(point.communication_s, row.communication_fraction),
            *(row.strong_efficiency_fraction, row.weak_efficiency_fraction),
            *(
                (None, None, None)
                if found is None
                else (found.step_time_s, found.step_time_low_s, found.step_time_high_s)
            ),
        ]


def _row(row: ScalingRow, language: Language) -> str:
    point, found = row.point, row.projected
    over = None if found is None else found.step_time_s / point.step_time_s
    cells = (
        number(point.batch_size, language),
        duration(point.step_time_s, language),
        percent(row.communication_fraction, language),
        _share(row.strong_efficiency_fraction, language),
        _share(row.weak_efficiency_fraction, language),
        _nothing(language) if found is None else duration(found.step_time_s, language),
        _nothing(language) if over is None else ratio(over, language),
    )
    return element(
        "tr",
        element("th", text(number(point.device_count, language)), scope="row"),
        *(element("td", text(cell)) for cell in cells),
    )


def _share(fraction: float | None, language: Language) -> str:
    return _nothing(language) if fraction is None else percent(fraction, language)


def _nothing(language: Language) -> str:
    return _say("scaling_none", language)


def _say(key: str, language: Language) -> str:
    return say(f"page.throughput.{key}", language)
