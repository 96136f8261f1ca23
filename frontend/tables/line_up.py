"""The tables of a line-up: outcomes a line, and the settings in which lines differ."""

from collections.abc import Iterable, Sequence

from frontend.components.markup import element, framed_table, text
from frontend.components.terms import column_heads, marked
from planner.line_ups.entry import Entry
from planner.line_ups.line_up import LineUp
from planner.line_ups.settings import Setting
from wording.catalogue import say
from wording.language import Language
from wording.line_up import energy_text, setting_name, setting_text
from wording.money import money, money_range
from wording.numbers import multiple
from wording.payback import payback_span, payback_value
from wording.to_target import time_range, time_value

CSV_COLUMNS = (
    "pilot",
    "schedule",
    "role",
    "baseline_of_view",
    "rate_multiplier",
    "seeds_from",
    "runs",
    "reached",
    "time_to_target_low_s",
    "time_to_target_mid_s",
    "time_to_target_high_s",
    "training_cost",
    "training_cost_low",
    "training_cost_high",
    "currency",
    "payback_months",
    "payback_low_months",
    "payback_high_months",
    "energy_to_target_kwh",
    "energy_estimated",
    "verdict",
    "pilot_id",
)


def outcome_table(found: LineUp, language: Language) -> str:
    """One row a line, the baseline first."""
    heads = (
        (say("page.compare.line", language), True),
        (say("table.rate_chosen", language), False),
        (say("table.reached", language), False),
        (say("table.time_to_target", language), False),
        (say("page.compare.cost", language), False),
        (say("table.payback", language), False),
        (say("page.compare.energy", language), False),
        (say("table.verdict", language), True),
    )
    return framed_table(
        say("page.compare.outcomes", language),
        heads=column_heads(heads, language),
        rows=(_row(one, language) for one in found.entries),
    )


def csv_rows(found: LineUp) -> list[list[object]]:
    """The same numbers at full precision, in the order of `CSV_COLUMNS`."""
    return [_csv_row(one, found.currency) for one in found.entries]


def settings_table(settings: Iterable[Setting], lines: Sequence[Entry], language: Language) -> str:
    """One row a setting, one column a line."""
    names = [(say("page.compare.setting", language), True), *((one.name, False) for one in lines)]
    return framed_table(
        say("page.compare.settings", language),
        heads=(
            element("th", text(name), scope="col", class_="pb-text" if words else None)
            for name, words in names
        ),
        rows=(_setting_row(one, language) for one in settings),
        class_="pb-table pb-settings",
    )


def settings_rows(found: LineUp) -> list[list[object]]:
    """Every setting of every line, as the planner holds it."""
    return [
        [one.key, *("" if value is None else value for value in one.values)]
        for one in found.settings
    ]


def _row(one: Entry, language: Language) -> str:
    cells = (
        (multiple(one.rate_multiplier, language), ""),
        (_reached(one, language), ""),
        (time_value(one.measured, language), time_range(one.measured, language)),
        _cost(one, language),
        _payback(one, language),
        (energy_text(one, language), ""),
    )
    return element(
        "tr",
        element("th", text(one.name), *_remarks(one, language), scope="row"),
        *(_cell(value, sure) for value, sure in cells),
        element("td", text(_verdict(one, language))),
        class_="pb-main" if one.pinned else None,
    )


def _cell(value: str, sure: str) -> str:
    below = element("small", text(sure), class_="pb-muted") if sure else ""
    return element("td", text(value), below)


def _reached(one: Entry, language: Language) -> str:
    return say("table.k_of_n", language, k=one.measured.reached, n=one.measured.runs)


def _cost(one: Entry, language: Language) -> tuple[str, str]:
    if one.cost is None:
        return say("format.not_available", language), ""
    cost, low, high = one.cost.cost, one.cost.low, one.cost.high
    span = ""
    if low is not None and high is not None:
        span = money_range(low.amount, high.amount, cost.currency, language)
    return money(cost.amount, cost.currency, language), span


def _payback(one: Entry, language: Language) -> tuple[str, str]:
    if one.payback is None:
        return say("page.review.none", language), ""
    span = payback_span(one.payback.low_months, one.payback.high_months, language)
    return payback_value(one.payback.months, language), span


def _verdict(one: Entry, language: Language) -> str:
    if one.verdict is not None:
        return say(f"decision.{one.verdict}", language)
    own = one.role == "baseline" and one.as_reviewed
    return say("role.baseline" if own else "page.review.none", language)


def _remarks(one: Entry, language: Language) -> list[str]:
    """What has to be known about a row before its numbers are believed."""
    keys = [
        key
        for key, applies in (
            ("page.compare.remark_pinned", one.pinned),
            ("page.compare.remark_own_runs", not one.as_reviewed),
            (
                "page.review.remark_exploratory",
                one.role == "candidate" and one.seeds_from == "selection",
            ),
        )
        if applies
    ]
    return [element("small", text(say(key, language))) for key in keys]


def _setting_row(one: Setting, language: Language) -> str:
    name = setting_name(one, language)
    return element(
        "tr",
        element("th", marked(name[:1].upper() + name[1:], language), scope="row"),
        *(element("td", text(setting_text(one, value, language))) for value in one.values),
    )


def _csv_row(one: Entry, currency: str) -> list[object]:
    interval, cost, payback = one.measured.time_to_target_s, one.cost, one.payback
    bounds = (cost.low, cost.high) if cost else (None, None)
    return [
        one.pilot,
        one.schedule,
        one.role,
        one.pinned,
        one.rate_multiplier,
        one.seeds_from,
        one.measured.runs,
        one.measured.reached,
        *((interval.low, interval.mid, interval.high) if interval else (None, None, None)),
        cost.cost.amount if cost else None,
        *(bound.amount if bound else None for bound in bounds),
        currency if cost else None,
        *(
            (payback.months, payback.low_months, payback.high_months)
            if payback
            else (None, None, None)
        ),
        one.energy_to_target_kwh,
        one.energy_estimated if one.energy_to_target_kwh is not None else None,
        one.verdict,
        one.pilot_id,
    ]
