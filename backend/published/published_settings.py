"""Published settings that a pilot can start from: searched, and one of them looked at closely."""

import csv
from functools import cache
from importlib.resources import files

from backend.wire.problems import not_found
from planner.plans.published_facts import (
    PublishedFacts,
    PublishedState,
    published_facts,
    published_state,
)
from planner.schedules.momentum import MomentumForm
from planner.schedules.published import PublishedSetting, published_setting
from planner.schedules.theory import Family


@cache
def published_settings() -> tuple[PublishedSetting, ...]:
    """Every setting, in the order of its publication."""
    text = files("backend").joinpath("data/published_settings.csv").read_text(encoding="utf-8")
    return tuple(published_setting(row) for row in csv.DictReader(text.splitlines()))


def published_states(
    *,
    search: str = "",
    family: Family | None = None,
    data_set: str | None = None,
    momentum_form: MomentumForm | None = None,
) -> tuple[PublishedState, ...]:
    """Settings that have every word of ``search`` in their names, in the same order."""
    words = search.casefold().split()
    return tuple(
        state
        for state in _states()
        if family in (None, state.family)
        and data_set in (None, state.setting.data_set)
        and momentum_form in (None, state.setting.momentum_form)
        and all(word in _searched(state.setting) for word in words)
    )


@cache
def facts_of(setting_id: str) -> PublishedFacts:
    """One setting epoch by epoch.

    Raises:
        RequestError: There is none of this name.
    """
    for setting in published_settings():
        if setting.id == setting_id:
            return published_facts(setting)
    raise not_found("published_setting", setting_id)


@cache
def _states() -> tuple[PublishedState, ...]:
    return tuple(map(published_state, published_settings()))


def _searched(setting: PublishedSetting) -> str:
    """What people may look for, in one line: the names, and ``(ii)`` for the paper's case."""
    rate = setting.schedule.learning_rate
    named = (setting.id, f"({setting.case})", setting.data_set, setting.momentum_form, rate.decay)
    return " ".join((*named, setting.source)).casefold()
