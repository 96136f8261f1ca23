"""A line-up in words: settings, what is missing and why, and the captions of its charts."""

from collections.abc import Iterable, Sequence
from functools import reduce

from planner.chart import Chart
from planner.line_ups.entry import Entry
from planner.line_ups.line_up import LineUp
from planner.line_ups.line_up_request import BATCH_SIZE, LEARNING_RATE
from planner.line_ups.settings import Setting, SettingValue
from wording.catalogue import knows, say
from wording.labels import axis_label, metric_label
from wording.language import Language
from wording.money import currency_name
from wording.numbers import number, percent, significant
from wording.quantities import metric_text

NAMED_FIRST = ("workload", "target_metric", "target_value", "epochs", "momentum_form", "hardware")
"""Settings that are told with their value where they are equal everywhere; others are counted."""

_VALUES = {
    "momentum_form": "page.plan.momentum",
    "rate_form": "page.plan.momentum",
    "rate_decay": "page.plan.rate",
    "divergence": "page.plan.divergence",
    "momentum_shape": "page.plan.momentum_shape",
}
"""Where the words of a setting's values are."""

_SHARES = ("_fraction", "confidence", "discount_rate_per_year")


def setting_name(setting: Setting, language: Language) -> str:
    """What a setting is called."""
    group, _, name = setting.key.partition("_")
    if group in ("assumption", "production"):
        return say(f"setting.{group}", language, name=say(f"assumption.{name}", language))
    return say(f"setting.{setting.key}", language)


def setting_text(setting: Setting, value: SettingValue, language: Language) -> str:
    """A value as people read it."""
    if value is None:
        return say("page.review.none", language)
    if isinstance(value, str):
        return _word(setting.key, value, language)
    if setting.key.endswith(_SHARES):
        return percent(value, language, decimals=1)
    return number(value, language)


def _word(key: str, value: str, language: Language) -> str:
    if key in ("target_metric", "quality_metric"):
        return metric_label(value, language)
    if key == "seeds_from":
        return say(f"purpose.{value}", language)
    if key in _VALUES:
        return say(f"{_VALUES[key]}_{value}", language)
    own = f"setting.{value}"
    return (
        say(own, language)
        if key.startswith(("assumption_", "momentum_keeps")) and knows(own)
        else value
    )


def equal_sentence(settings: Sequence[Setting], language: Language) -> str:
    """What is equal everywhere, in one sentence; empty where nothing is."""
    equal = [one for one in settings if not one.differs]
    if not equal:
        return ""
    named = sorted(
        (one for one in equal if one.key in NAMED_FIRST),
        key=lambda one: NAMED_FIRST.index(one.key),
    )
    told = [
        say(
            "page.compare.named_setting",
            language,
            name=setting_name(one, language),
            value=setting_text(one, one.values[0], language),
        )
        for one in named
    ]
    rest = len(equal) - len(named)
    if not told:
        return say("page.compare.equal_count", language, count=rest)
    key = "page.compare.equal" if rest else "page.compare.equal_one"
    return say(key, language, named=listed(told, language), count=rest)


def listed(parts: Iterable[str], language: Language) -> str:
    """Several things after each other; nothing for none."""
    return reduce(
        lambda first, second: say("page.compare.listed", language, first=first, second=second),
        list(parts) or [""],
    )


def chart_title(chart: Chart, language: Language) -> str:
    """What is drawn, and of which workload."""
    what = axis_label(chart.y.label, "", language)
    what = what[:1].upper() + what[1:]
    workload = str(chart.params["workload"])
    return say("page.compare.chart_title", language, what=what, workload=workload)


def chart_subtitle(chart: Chart, shown: str, language: Language) -> str:
    """How a line comes about."""
    metric = axis_label(chart.y.label, "", language)
    metric = metric[:1].upper() + metric[1:]
    if shown in (LEARNING_RATE, BATCH_SIZE):
        return say(f"page.compare.chart_planned_{shown}", language, metric=metric)
    target = chart.params.get("target")
    if isinstance(target, float):
        name = chart.y.label.removeprefix("metric.")
        value = metric_text(name, target, language)
        return say("page.compare.chart_mean_target", language, metric=metric, target=value)
    return say("page.compare.chart_mean", language, metric=metric)


def chart_notes(found: LineUp, group: int, language: Language) -> list[str]:
    """What has to be known before the lines of a chart are believed."""
    own = [one for one in found.entries if one.group == group]
    notes = []
    if found.along == "money":
        currency = currency_name(found.currency, language)
        notes.append(say("page.compare.own_prices", language, currency=currency))
    if found.along == "second" and len(found.devices) > 1:
        devices = listed(found.devices, language)
        notes.append(say("page.compare.devices_differ", language, devices=devices))
    if found.along == "energy":
        notes += _energy_notes([one for one in own if one.lacking is None], language)
    return [*notes, *_lacking(own, language)]


def _energy_notes(drawn: Sequence[Entry], language: Language) -> list[str]:
    estimated = [one.name for one in drawn if one.energy_estimated]
    notes = []
    if len(estimated) < len(drawn):
        notes.append(say("page.compare.energy_measured", language))
    if estimated:
        names = listed(estimated, language)
        notes.append(say("page.compare.energy_estimated", language, names=names))
    return notes


def _lacking(entries: Sequence[Entry], language: Language) -> list[str]:
    """One sentence for every reason why lines are not drawn."""
    reasons = dict.fromkeys(one.lacking for one in entries if one.lacking is not None)
    return [
        say(
            "page.compare.lacking",
            language,
            reason=say(f"line_up.lacking.{reason}", language),
            names=listed([one.name for one in entries if one.lacking == reason], language),
        )
        for reason in reasons
    ]


def energy_text(entry: Entry, language: Language) -> str:
    """Energy up to the target, and whether a meter read it."""
    if entry.energy_to_target_kwh is None:
        return say("format.not_available", language)
    kwh = significant(entry.energy_to_target_kwh, language)
    key = "energy_about" if entry.energy_estimated else "energy_kwh"
    return say(f"page.compare.{key}", language, kwh=kwh)
