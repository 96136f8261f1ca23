"""Published settings that a pilot can start from."""

import csv
from functools import cache
from importlib.resources import files

from planner.schedules.published import PublishedSetting, published_setting


@cache
def published_settings() -> tuple[PublishedSetting, ...]:
    """Every setting, in the order of its publication."""
    text = files("backend").joinpath("data/published_settings.csv").read_text(encoding="utf-8")
    return tuple(published_setting(row) for row in csv.DictReader(text.splitlines()))
