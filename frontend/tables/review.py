"""The schedules of a review side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from frontend.components.markup import element, framed_table, text
from frontend.components.terms import head_cell
from frontend.components.where_from import Origins
from planner.reviews.provenance import COMPARED, Number
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.catalogue import say
from wording.language import Language
from wording.money import compact_money, money, money_range
from wording.numbers import number, ratio
from wording.payback import payback_range, payback_value
from wording.to_target import time_range, time_value

COLUMNS: tuple[Number, ...] = (*COMPARED, "net_benefit")
"""Numbers of a row, in order; a name and a verdict stand around them."""

CSV_COLUMNS = (
    "schedule",
    "role",
    "seeds_from",
    "rate_multiplier",
    "runs",
    "reached",
    "rolled_back",
    "fell_back",
    "epochs_to_target",
    "steps_to_target",
    "samples_to_target",
    "time_to_target_low_s",
    "time_to_target_mid_s",
    "time_to_target_high_s",
    "training_cost",
    "payback_months",
    "npv",
    "currency",
    "verdict",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom the table is made.

    Attributes:
        main: Name of the schedule that the page is about.
    """

    language: Language
    main: str
    origins: Origins


def comparison_table(review: Review, reader: Reader) -> str:
    """The table as markup; every number says where it comes from."""
    language = reader.language
    titles = [_title(column, language) for column in COLUMNS]
    heads = [say("table.schedule", language), *titles, say("table.verdict", language)]
    return framed_table(
        say("page.review.table_title", language),
        heads=(head_cell(title, language) for title in heads),
        rows=(_row(found, review, titles, reader) for found in review.schedules),
    )


def csv_rows(review: Review) -> list[list[object]]:
    """The same numbers at full precision, in the order of `CSV_COLUMNS`."""
    return [_csv_row(found) for found in review.schedules]


def _row(reviewed: ScheduleReview, review: Review, titles: Sequence[str], reader: Reader) -> str:
    language = reader.language
    cells = []
    for column, title in zip(COLUMNS, titles, strict=True):
        shown = _shown(column, reviewed, language)
        figure = reader.origins.figure(column, reviewed.schedule, shown, label=title, where="table")
        bar = _bar(reviewed, review) if column == "time_to_target" else ""
        sure = _RANGES[column](reviewed, review, language) if column in _RANGES else ""
        below = element("small", text(sure), class_="pb-muted") if sure else ""
        cells.append(element("td", bar, figure, below, class_="pb-time" if bar else None))
    return element(
        "tr",
        element("th", text(reviewed.schedule), *_remarks(reviewed, language), scope="row"),
        *cells,
        element("td", text(_verdict(reviewed, language))),
        class_="pb-main" if reviewed.schedule == reader.main else None,
    )


def _title(column: Number, language: Language) -> str:
    own = {"net_benefit": "page.review.net_benefit", "cost": "page.review.cost_per_training"}
    return say(own.get(column, f"table.{column}"), language)


def _shown(column: Number, reviewed: ScheduleReview, language: Language) -> str:
    return (
        _MEASURED[column](reviewed, language)
        if column in _MEASURED
        else _priced(column, reviewed, language)
    )


def _priced(column: Number, reviewed: ScheduleReview, language: Language) -> str:
    case, training = reviewed.case, reviewed.training
    if column == "cost" and training is not None:
        return money(training.cost.amount, training.cost.currency, language)
    if column == "payback" and case is not None:
        return payback_value(case.payback.months, language)
    if column == "net_benefit" and case is not None:
        return compact_money(case.npv.amount, case.npv.currency, language)
    return say("page.review.none", language)


def _cost_range(reviewed: ScheduleReview, review: Review, language: Language) -> str:
    case, today = reviewed.case, review.today
    if case is None or today is None:
        return ""
    low, high = map(today.candidate_cost, (case.time_ratio_low, case.time_ratio_high))
    return money_range(low.amount, high.amount, low.currency, language)


def _payback_range(reviewed: ScheduleReview, _: Review, language: Language) -> str:
    return payback_range(reviewed.case, language) if reviewed.case else ""


def _npv_range(reviewed: ScheduleReview, _: Review, language: Language) -> str:
    if reviewed.case is None:
        return ""
    band = reviewed.case.propagation.npv
    return money_range(band.low.amount, band.high.amount, band.low.currency, language)


def _reached(reviewed: ScheduleReview, language: Language) -> str:
    measured = reviewed.measured
    return say("table.k_of_n", language, k=measured.reached, n=measured.runs)


def _mean(value: float | None, language: Language, *, decimals: int = 0) -> str:
    if value is None:
        return say("format.not_reached", language)
    return number(value, language, decimals=decimals)


def _seconds(reviewed: ScheduleReview) -> float:
    """What the bar of a row shows: the mean time with the budget for runs that never arrived."""
    return reviewed.measured.restricted_mean_time_s or 0.0


def _bar(reviewed: ScheduleReview, review: Review) -> str:
    """How long a schedule takes beside the others."""
    longest = max(_seconds(found) for found in review.schedules)
    share = _seconds(reviewed) / longest if longest else 0.0
    filled = element("span", style=f"width: {100 * share:.1f}%")
    return element("span", filled, class_="pb-bar", aria_hidden="true")


def _remarks(reviewed: ScheduleReview, language: Language) -> list[str]:
    """What has to be known about a row before its numbers are believed."""
    keys = [
        key
        for key, applies in (
            ("exploratory", reviewed.role == "candidate" and reviewed.seeds_from == "selection"),
            ("rate_at_edge", reviewed.rate_at_edge),
            ("incomplete", not reviewed.complete),
            ("went_back", reviewed.measured.rolled_back + reviewed.measured.fell_back > 0),
        )
        if applies
    ]
    return [element("small", text(say(f"page.review.remark_{key}", language))) for key in keys]


def _verdict(reviewed: ScheduleReview, language: Language) -> str:
    if reviewed.verdict is None:
        return say("role.baseline", language)
    return say(f"decision.{reviewed.verdict.kind}", language)


def _csv_row(reviewed: ScheduleReview) -> list[object]:
    measured, case, training = reviewed.measured, reviewed.case, reviewed.training
    interval = measured.time_to_target_s
    return [
        reviewed.schedule,
        reviewed.role,
        reviewed.seeds_from,
        reviewed.rate_multiplier,
        measured.runs,
        measured.reached,
        measured.rolled_back,
        measured.fell_back,
        measured.epochs_to_target,
        measured.steps_to_target,
        measured.samples_to_target,
        *((interval.low, interval.mid, interval.high) if interval else (None, None, None)),
        training.cost.amount if training else None,
        case.payback.months if case else None,
        case.npv.amount if case else None,
        reviewed.pilot_cost.currency,
        reviewed.verdict.kind if reviewed.verdict else None,
    ]


_MEASURED: dict[Number, Callable[[ScheduleReview, Language], str]] = {
    "rate_chosen": lambda found, language: ratio(found.rate_multiplier, language, decimals=1),
    "reached": _reached,
    "epochs": lambda found, language: _mean(found.measured.epochs_to_target, language, decimals=1),
    "steps": lambda found, language: _mean(found.measured.steps_to_target, language),
    "samples": lambda found, language: _mean(found.measured.samples_to_target, language),
    "time_to_target": lambda found, language: time_value(found.measured, language),
}

_RANGES: dict[Number, Callable[[ScheduleReview, Review, Language], str]] = {
    "time_to_target": lambda found, _, language: time_range(found.measured, language),
    "cost": _cost_range,
    "payback": _payback_range,
    "net_benefit": _npv_range,
}
"""How sure a number is; what has no entry is exact."""
