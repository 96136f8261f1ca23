"""Ingredients of a number as people read them."""

from collections.abc import Callable

from planner.reviews.ingredient import Ingredient, Unit
from wording.catalogue import say
from wording.labels import metric_label
from wording.language import Language
from wording.money import money
from wording.numbers import number, percent, ratio, significant
from wording.times import duration, working_hours
from wording.verdict import difference_text, quality_text

_HOUR_S = 3600

WORKED = ("pilot_engineer_h", "adoption_engineer_h")
"""Hours of people, who do not work around the clock."""

Shown = Callable[[float, str, Language], str]


def ingredient_text(ingredient: Ingredient, language: Language) -> str:
    """The value with its unit; None has its own words."""
    if ingredient.value is None:
        return say("format.not_available", language)
    if ingredient.name in WORKED:
        return working_hours(ingredient.value, language)
    return _SHOWN[ingredient.unit](ingredient.value, ingredient.of, language)


def metric_text(metric: str, value: float, language: Language) -> str:
    """A value of a metric: accuracies in percent, losses in three figures."""
    if metric.endswith("accuracy"):
        return quality_text(language, metric=metric, value=value)
    return significant(value, language)


def _metric(value: float, metric: str, language: Language) -> str:
    return f"{metric_label(metric, language)} {metric_text(metric, value, language)}"


_SHOWN: dict[Unit, Shown] = {
    "money": money,
    "h": lambda value, _, language: duration(value * _HOUR_S, language),
    "s": lambda value, _, language: duration(value, language),
    "months": lambda value, _, language: say("format.months", language, months=value),
    "ratio": lambda value, _, language: ratio(value, language),
    "fraction": lambda value, _, language: percent(value, language, decimals=1),
    "metric": _metric,
    "difference": lambda value, metric, language: difference_text(
        language, metric=metric, value=value
    ),
    "count": lambda value, _, language: number(value, language),
}
