"""Published settings as rows: what each does to batch and rate, and what that amounts to."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from frontend.components.markup import element, framed_table, text
from frontend.components.terms import column_heads
from frontend.session import LANGUAGE_PARAM
from planner.plans.published_facts import PublishedFacts, PublishedState
from planner.schedules.published import PublishedSetting
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number, significant

SETTING_PARAM = "setting"

COLUMNS = ("setting", "data", "batch", "rate", "momentum", "steps", "bias", "variance")
"""Keys below ``page.catalogue.column_``."""

TEXTS = frozenset({"setting", "data", "batch", "rate"})

CSV_COLUMNS = (
    *("id", "case", "family", "data_set", "training_samples", "epochs", "momentum_form"),
    *("first_batch_size", "last_batch_size", "first_learning_rate", "last_learning_rate"),
    *("momentum", "steps", "summed_effective_rate", "bias", "variance", "source"),
)

EPOCH_COLUMNS = (
    *("epoch", "first_step", "steps", "batch_size", "learning_rate", "last_learning_rate"),
    *("effective_learning_rate", "momentum"),
)


def catalogue_table(
    states: Iterable[PublishedState],
    shown: str | None,
    kept: Mapping[str, str],
    language: Language,
) -> str:
    """The table as markup; a name leads to its setting, the shown one is marked.

    Args:
        states: In their order.
        shown: Name of the setting that is looked at.
        kept: What every link says beside the setting: search, filters, the plan at hand.
        language: Of the page.
    """
    heads = column_heads(
        ((say(f"page.catalogue.column_{column}", language), column in TEXTS) for column in COLUMNS),
        language,
    )
    return framed_table(
        say("page.catalogue.title", language),
        heads=heads,
        rows=(_row(state, shown, kept, language) for state in states),
        class_="pb-table pb-published",
    )


def csv_rows(states: Iterable[PublishedState]) -> list[list[object]]:
    """The same at full precision, in the order of `CSV_COLUMNS`."""
    return [_csv_row(state) for state in states]


def epoch_rows(facts: PublishedFacts) -> list[list[object]]:
    """One setting epoch by epoch, in the order of `EPOCH_COLUMNS`."""
    columns = [getattr(facts.epochs, name) for name in EPOCH_COLUMNS[1:]]
    return [[epoch, *values] for epoch, values in enumerate(zip(*columns, strict=True))]


def title_of(setting: PublishedSetting) -> str:
    """Its place in the publication and its name."""
    return f"({setting.case}) {setting.schedule.name}"


def batch_words(setting: PublishedSetting, last: int, language: Language) -> str:
    """First and last batch size."""
    first = setting.schedule.batch_size.first
    if first == last:
        return number(first, language)
    return f"{number(first, language)} → {number(last, language)}"


def rate_words(setting: PublishedSetting, language: Language) -> tuple[str, str]:
    """First and highest rate, and what it does, in the setting's own form."""
    rate = setting.schedule.learning_rate
    first = _plain(rate.initial, language)
    if rate.growth is not None:
        peak = _plain(rate.growth.maximum, language)
        return f"{first} → {peak}", say("page.plan.rate_growth", language)
    decay = say(f"page.plan.rate_{rate.decay}", language)
    if rate.warm_up is None:
        return first, decay
    peak = _plain(rate.warm_up.maximum, language)
    return f"{first} → {peak}", say("page.catalogue.warm_up_then", language, decay=decay)


def _plain(rate: float, language: Language) -> str:
    """A rate with only the decimals that it has."""
    return number(rate, language, decimals=len(f"{rate:g}".partition(".")[2]))


def _row(
    state: PublishedState, shown: str | None, kept: Mapping[str, str], language: Language
) -> str:
    setting = state.setting
    main = setting.id == shown
    query = urlencode({SETTING_PARAM: setting.id, **kept, LANGUAGE_PARAM: language})
    rates, shape = rate_words(setting, language)
    form = say(f"page.plan.momentum_{setting.momentum_form}", language)
    return element(
        "tr",
        element(
            "th",
            element(
                "a",
                text(title_of(setting)),
                href=f"/catalogue?{query}",
                target="_self",
                aria_current="true" if main else None,
            ),
            element(
                "small",
                text(say(f"page.catalogue.family_{state.family}", language)),
                class_="pb-muted",
            ),
            scope="row",
        ),
        _texts(setting.data_set, form),
        _texts(batch_words(setting, state.last_batch_size, language)),
        _texts(rates, shape),
        element("td", text(number(setting.schedule.momentum.value, language, decimals=2))),
        element("td", text(number(state.work.steps, language))),
        element("td", text(significant(state.terms.bias, language))),
        element("td", text(significant(state.terms.variance, language))),
        class_="pb-main" if main else None,
    )


def _texts(value: str, below: str = "") -> str:
    small = element("small", text(below), class_="pb-muted") if below else ""
    return element("td", text(value), small, class_="pb-text")


def _csv_row(state: PublishedState) -> list[object]:
    setting, schedule = state.setting, state.setting.schedule
    derived = {
        "family": state.family,
        "first_batch_size": schedule.batch_size.first,
        "last_batch_size": state.last_batch_size,
        "first_learning_rate": schedule.learning_rate.initial,
        "last_learning_rate": state.last_learning_rate,
        "momentum": schedule.momentum.value,
        "steps": state.work.steps,
        "summed_effective_rate": state.work.summed_effective_rate,
        "bias": state.terms.bias,
        "variance": state.terms.variance,
    }
    return [derived[name] if name in derived else getattr(setting, name) for name in CSV_COLUMNS]
