"""Published settings as rows of the page and of its CSV files."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from frontend.figures.catalogue import stairs_figure
from frontend.figures.plotly_traces import Look
from frontend.tables.published import (
    COLUMNS,
    CSV_COLUMNS,
    EPOCH_COLUMNS,
    batch_words,
    catalogue_table,
    csv_rows,
    epoch_rows,
    rate_words,
)
from planner.plans.published_facts import published_charts, published_facts, published_state
from planner.schedules.published import published_setting
from wording.catalogue import LANGUAGES, knows
from wording.charts.palette import LIGHT

DATA = Path(__file__).parents[3] / "backend" / "data" / "published_settings.csv"
ROWS = csv.DictReader(DATA.read_text(encoding="utf-8").splitlines())
SETTINGS = {setting.id: setting for setting in map(published_setting, ROWS)}
CONSTANT = SETTINGS["json_nshb/const_bs_decay_lr/constant"]
WARM_UP = SETTINGS["json_nshb/incr_bs_warmup_lr/warmup_cosine_max1.0"]
STATES = [published_state(CONSTANT), published_state(WARM_UP)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_words_and_the_shown_setting_is_marked(language):
    markup = catalogue_table(STATES, WARM_UP.id, {}, language)
    assert all(knows(f"page.catalogue.column_{column}") for column in COLUMNS)
    assert markup.count("pb-main") == markup.count('aria-current="true"') == 1


def test_a_name_leads_to_its_setting_and_keeps_the_search_and_the_plan():
    markup = catalogue_table(STATES, None, {"find": "warm up", "draft": "7"}, "en")
    setting = "setting=json_nshb%2Fincr_bs_warmup_lr%2Fwarmup_cosine_max1.0"
    assert f"/catalogue?{setting}&amp;find=warm+up&amp;draft=7&amp;lang=en" in markup


def test_batch_and_rate_are_told_from_first_to_last():
    assert batch_words(CONSTANT, 128, "en") == "128"
    assert batch_words(WARM_UP, 4096, "en") == "8 → 4,096"
    assert rate_words(CONSTANT, "en") == ("0.1", "constant")
    assert rate_words(WARM_UP, "en") == ("0.1 → 1", "warm-up, then cosine, by epoch")
    growing = SETTINGS["json_shb/incr_bs_incr_lr/doubly_incr_lr_max0.02"]
    assert rate_words(growing, "en") == ("0.01 → 0.02", "growing")


def test_the_list_can_be_taken_away_at_full_precision():
    row = dict(zip(CSV_COLUMNS, csv_rows(STATES)[1], strict=True))
    assert row["id"] == WARM_UP.id
    assert (row["first_batch_size"], row["last_batch_size"], row["momentum"]) == (8, 4096, 0.87)
    assert row["summed_effective_rate"] == pytest.approx(244_630.857)


def test_a_setting_can_be_taken_away_epoch_by_epoch():
    rows = epoch_rows(published_facts(WARM_UP))
    first = dict(zip(EPOCH_COLUMNS, rows[0], strict=True))
    # ceil(50,000 / 8) steps in the first epoch, ceil(50,000 / 4,096) in the last.
    assert (len(rows), first["epoch"], first["first_step"], first["steps"]) == (300, 0, 0, 6250)
    assert dict(zip(EPOCH_COLUMNS, rows[-1], strict=True))["steps"] == 13


def test_a_curve_holds_until_its_next_point():
    facts = published_facts(WARM_UP)
    look = Look(palette=LIGHT, language="en", main="batch_size")
    _, batch = published_charts(facts, along="step", effective=False)
    (trace,) = stairs_figure(batch, look)["data"]
    assert trace["line"]["shape"] == "hv"
    assert (trace["y"][0], trace["y"][-1]) == (8, 4096)
    assert set(facts.epochs.first_step) <= set(trace["x"])


def test_a_batch_that_never_changes_has_no_ticks_but_its_own_and_zero():
    look = Look(palette=LIGHT, language="en", main="batch_size")
    _, batch = published_charts(published_facts(WARM_UP), along="step", effective=False)
    (series,) = batch.series
    constant = replace(batch, series=(replace(series, y=(128,) * len(series.x)),))
    drawn = stairs_figure(constant, look)["layout"]["yaxis"]
    assert (drawn["range"], drawn["tickvals"]) == ([0, 256], [0, 128])
