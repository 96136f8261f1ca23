"""The six files of one report say the same numbers as the API's review, in both languages."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from backend.wire.codec import decode
from planner.reviews.review import Review
from tests.support.app_in_memory import an_api
from tests.support.gated_pilots import done, plant, priced_pilot
from tests.support.opened_deck import OpenedDeck
from tests.support.planted_worker import planted_curve
from tests.support.read_reports import TEXTS, bare, cells, named, tables, values_of
from wording.cards import five_cards
from wording.catalogue import LANGUAGES
from wording.money import money
from wording.numbers import percent
from wording.review import verdict_sentences

SPOKEN = ("pdf", "pptx", "html", "xlsx")
CENT = 0.005


@dataclass(frozen=True)
class Made:
    """A review as the API answers it, and every file of a report on it."""

    answer: dict[str, Any]
    files: Mapping[tuple[str, str], bytes]

    @property
    def review(self) -> Review:
        return decode(Review, self.answer)

    @property
    def chosen(self) -> Any:
        review = self.review
        name = review.verdict.schedule
        return next(found for found in review.schedules if found.schedule == name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with an_api(tmp_path_factory.mktemp("numbers")) as api:
        pilot_id = api.create(priced_pilot(), throughput=planted_curve()).id
        api.worker(plant).work_until_idle()
        files = {}
        for form in (*SPOKEN, "csv", "json"):
            for language in LANGUAGES:
                body = {"format": form, "language": language}
                key = {"Idempotency-Key": form + language}
                order = done(api.post(f"/api/pilots/{pilot_id}/reports", body, **key))
                answer = api.get(f"/api/reports/{order['number']}/file").raise_for_status()
                files[form, language] = answer.content
        review = api.post("/api/reviews:compute", {"pilot_id": pilot_id}).raise_for_status()
        yield Made(answer=review.json(), files=files)


def amounts(made: Made) -> dict[str, float]:
    """Every amount that all files for people show to the cent."""
    case, review = made.chosen.case, made.review
    lines = {line.key: line.cost.amount for line in case.investment.lines if line.cost.amount}
    return {
        **lines,
        "investment": case.investment.counted.amount,
        "device hours": case.value.device_hours.amount,
        "worth of a training": case.value.total.amount,
        "cost of a training": case.training.cost.amount,
        "cost of a training today": review.today.cost_today.amount,
        "cost of the pilot": review.pilot_cost.amount,
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", SPOKEN)
def test_every_amount_of_the_review_stands_in_the_file_to_the_cent(made, form, language):
    written = TEXTS[form](made.files[form, language])
    currency = made.review.assumptions.currency
    shown = {name: money(one, currency, language) for name, one in amounts(made).items()}
    kept = [cell.value for cell in cells(values_of(made.files["xlsx", language]))]
    numbers = [value for value in kept if isinstance(value, (int, float))]
    for name, text in shown.items():
        by_number = form == "xlsx" and any(
            value == pytest.approx(amounts(made)[name], abs=CENT) for value in numbers
        )
        assert by_number or bare(text) in written, (name, text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", SPOKEN)
def test_the_verdict_and_the_five_numbers_are_those_of_the_page(made, form, language):
    written = TEXTS[form](made.files[form, language])
    review = made.review
    cards = five_cards(review, made.chosen, language)
    for sentence in verdict_sentences(review, language):
        assert bare(sentence) in written
    for card in cards:
        assert bare(card.label) in written
        assert bare(card.range) in written
        assert form == "xlsx" or bare(card.value) in written


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", SPOKEN)
def test_the_measured_ratio_and_its_interval_are_the_same(made, form, language):
    interval = made.chosen.comparison.time_ratio
    written = TEXTS[form](made.files[form, language])
    for one in (interval.low, interval.mid, interval.high):
        assert percent(one, language) in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_keeps_the_numbers_of_the_review(made, language):
    book, case = values_of(made.files["xlsx", language]), made.chosen.case
    for name, expected in {
        "npv_1": case.npv.amount,
        "payback_1": case.payback.months,
        "discounted_payback_1": case.discounted_payback.months,
        "roi_1": case.roi_fraction,
        "cost_1": case.training.cost.amount,
        "value_1": case.value.total.amount,
        "time_ratio_1": case.time_ratio,
    }.items():
        assert named(book, name) == pytest.approx(expected, rel=1e-9), name


def test_tables_have_every_digit_of_the_review(made):
    found, case = tables(made.files["csv", "en"]), made.chosen.case
    row = next(row for row in found["schedules"] if row["schedule"] == made.chosen.schedule)
    assert float(row["npv"]) == case.npv.amount
    assert float(row["payback_months"]) == case.payback.months
    assert float(row["training_cost"]) == case.training.cost.amount
    assert float(row["investment"]) == case.investment.counted.amount
    flows = [row for row in found["cash_flows"] if row["schedule"] == made.chosen.schedule]
    assert [float(row["cumulative"]) for row in flows] == list(case.flows.cumulative)


def test_the_record_holds_the_review_as_the_api_answers_it(made):
    assert json.loads(made.files["json", "en"])["review"] == made.answer
    assert made.files["json", "en"] == made.files["json", "ja"]
    assert made.files["csv", "en"] == made.files["csv", "ja"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_payback_curve_is_the_same_in_every_file_with_numbers(made, language):
    chart = next(one for one in made.review.charts if one.key == "payback")
    series = next(one for one in chart.series if one.name == made.chosen.schedule)
    table = tables(made.files["csv", language])["charts/payback"]
    rows = [row for row in table if row["series"] == series.name and row["role"] == "candidate"]
    assert [float(row["y"]) for row in rows] == list(series.y)
    drawn = OpenedDeck(made.files["pptx", language]).charts()
    points = next(found for found in drawn.values() if any("·" in name for name in found))
    totals = [y for _, y in points[series.name]]
    factor = series.y[-1] / totals[-1]
    assert factor in (pytest.approx(1.0), pytest.approx(1e3), pytest.approx(1e4))
    assert [y * factor for y in totals] == pytest.approx(list(series.y), rel=1e-12)
    kept = [
        cell.value
        for cell in cells(values_of(made.files["xlsx", language]))
        if isinstance(cell.value, (int, float))
    ]
    for total in series.y:
        assert any(value == pytest.approx(total, abs=CENT) for value in kept)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_files_name_the_same_data_and_assumptions(made, language):
    record = json.loads(made.files["json", language])
    about = {row["name"]: row["value"] for row in tables(made.files["csv", language])["about"]}
    for name in ("data_sha256", "assumptions_sha256"):
        assert about[name] == record[name]
        for form in SPOKEN:
            assert record[name][:12] in TEXTS[form](made.files[form, language])
