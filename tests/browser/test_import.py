"""The page of imports in a browser: a file, its columns, what it does not say, and its review."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from backend.wire.codec import decode
from planner.reviews.review import Review
from tests.browser.accessibility import violations
from tests.browser.browsing import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.languages import untranslated, users_words
from tests.browser.layout import unreadable
from tests.browser.programs import Paybatch, a_paybatch
from tests.support.brought_files import KNOWN_CSV
from wording.cards import five_cards
from wording.catalogue import say
from wording.labels import label
from wording.language import Language

FILES = ("runs.csv", "today", "growing", "our model", "Cluster A", "validation_loss")
COLUMNS = ("run", "schedule", "seed", "step", "minutes", "lr", "batch", "loss", "accuracy")
FILES_OWN_WORDS = (*FILES, *COLUMNS)
"""What the file and its owner call things; no language changes it."""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paybatch]:
    with a_paybatch(tmp_path_factory.mktemp("imports")) as paybatch:
        yield paybatch


def asked(language: str, key: str, **params: str) -> str:
    return say(f"page.import.{key}", spoken(language), **params)


def spoken(language: str) -> Language:
    return "ja" if language == "ja" else "en"


def bring(visitor: Visitor, file: Path, text: str) -> None:
    """From the navigation to what the file holds."""
    file.write_text(text, encoding="utf-8")
    visitor.open(say("page.nav.import", spoken(visitor.language)))
    with visitor.answer():
        visitor.page.locator("input[type=file]").set_input_files(file)
    visitor.press(asked(visitor.language, "look"))
    read = visitor.page.get_by_role("button", name=asked(visitor.language, "read"), exact=True)
    expect(read).to_be_visible()


def map_columns(visitor: Visitor, *, timed: bool = True) -> None:
    """Says what the columns are; the names are proposed, units and meanings are not."""
    language = visitor.language
    if timed:
        visitor.choose(asked(language, "time_unit"), asked(language, "time_unit_minutes"))
    else:
        visitor.click(visitor.page.get_by_text(asked(language, "without_time"), exact=True))
    for number, name in (("1", "validation_loss"), ("2", "validation_accuracy")):
        visitor.choose(asked(language, "metric_name", number=number), name)
    visitor.choose(asked(language, "batch_meaning"), asked(language, "batch_meaning_global"))
    visitor.enter(asked(language, "mapped_samples"), "1000")
    visitor.press(asked(language, "read"))
    found = visitor.page.locator(".st-key-card-import-runs h2")
    expect(found).to_have_text(asked(language, "runs_title", count="6"))
    visitor.wait_until_drawn()


def say_the_terms(visitor: Visitor) -> None:
    """What every review of runs needs; what they cost is said apart."""
    language = visitor.language
    visitor.enter(asked(language, "workload"), "our model")
    visitor.enter(asked(language, "target_value"), "0.5")
    visitor.enter(asked(language, "sustained"), "1")
    visitor.choose(asked(language, "baseline"), "today")
    visitor.enter(asked(language, "device"), "Cluster A")


def say_the_price(visitor: Visitor) -> None:
    language = visitor.language
    visitor.enter(asked(language, "device_count"), "4")
    visitor.enter(asked(language, "price"), "2")
    visitor.click(visitor.page.get_by_text(asked(language, "evaluations_included"), exact=True))


def store(visitor: Visitor) -> None:
    visitor.press(asked(visitor.language, "import"))
    stored = visitor.page.get_by_text(asked(visitor.language, "done"), exact=True)
    expect(stored).to_be_visible()
    visitor.wait_until_drawn()


def speak(visitor: Visitor, language: Language) -> None:
    """The other language, by the switch of the page."""
    visitor.switch(say(f"page.shell.language_{language}", spoken(visitor.language)))
    visitor.language = language


def every_text_is_in_its_language(visitor: Visitor) -> None:
    """Of the page as it is opened: what the library tells who listens to each choice is its own."""
    visitor.reload()
    known = (*FILES_OWN_WORDS, *users_words(visitor.paybatch.api))
    assert untranslated(visitor.page, visitor.language, known) == []


def everybody_can_read_it(visitor: Visitor) -> None:
    """Whoever listens or has a narrow window."""
    assert violations(visitor.page) == []
    for width in (390, 1280):
        visitor.resize(width)
        assert unreadable(visitor.page) == []


def pilot_in(visitor: Visitor) -> str:
    """The pilot that the link of the page names."""
    return visitor.page.url.partition("pilot=")[2].partition("&")[0]


def reviewed(paybatch: Paybatch, pilot_id: str) -> Review:
    return decode(Review, paybatch.api.post("/api/reviews:compute", {"pilot_id": pilot_id}))


def test_a_file_becomes_a_review_by_clicks_alone_in_two_languages(
    installation: Paybatch, signed_in: NewVisitor, tmp_path: Path
):
    visitor = signed_in(paybatch=installation, language="ja")
    visitor.visit("")
    bring(visitor, tmp_path / "runs.csv", KNOWN_CSV)
    speak(visitor, "en")
    map_columns(visitor)

    speak(visitor, "ja")
    every_text_is_in_its_language(visitor)
    chart = visitor.page.locator(".st-key-card-logged_runs .js-plotly-plot")
    lines = "chart => chart.data.filter(one => one.mode.includes('lines')).map(one => one.name)"
    assert chart.evaluate(lines) == [
        f"{schedule}-{seed}" for schedule in ("today", "growing") for seed in (1, 2, 3)
    ]
    visitor.switch(asked("ja", "curves_along_time"))
    ends = "chart => chart.data.map(one => one.x.at(-1))"
    # The fifth row is four intervals of 100 s (50 s) and the seed after the first.
    assert chart.evaluate(ends) == pytest.approx([404, 408, 412, 204, 208, 212])
    say_the_terms(visitor)
    say_the_price(visitor)
    everybody_can_read_it(visitor)
    store(visitor)

    speak(visitor, "en")
    visitor.press(asked("en", "review"))
    title = visitor.page.get_by_role("heading", level=1, name="runs.csv")
    expect(title).to_be_visible()
    visitor.wait_until_drawn()
    review = reviewed(installation, pilot_in(visitor))
    growing = next(one for one in review.schedules if one.schedule == "growing")
    assert growing.case is not None
    shown = visitor.page.locator(".pb-card .pb-card-value").all_inner_texts()
    assert shown == [card.value for card in five_cards(review, growing, "en")]
    speak(visitor, "ja")
    shown = visitor.page.locator(".pb-card .pb-card-value").all_inner_texts()
    assert shown == [card.value for card in five_cards(review, growing, "ja")]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_log_without_times_shows_steps_and_no_money(
    installation: Paybatch, signed_in: NewVisitor, tmp_path: Path, language: Language
):
    text = "\n".join(
        ",".join(cell for place, cell in enumerate(line.split(",")) if place != 4)
        for line in KNOWN_CSV.splitlines()
    )
    visitor = signed_in(paybatch=installation, language=language)
    visitor.visit("")
    bring(visitor, tmp_path / "runs.csv", text)
    map_columns(visitor, timed=False)
    expect(visitor.page.get_by_text(asked(language, "curves_untimed"))).to_be_visible()
    say_the_terms(visitor)
    store(visitor)
    visitor.press(asked(language, "review"))
    said = say("page.review.untimed_all", language)
    expect(visitor.page.get_by_text(said, exact=True)).to_be_visible()
    visitor.wait_until_drawn()
    told = installation.api.get(f"/api/pilots/{pilot_in(visitor)}/effort-to-target")
    ratio = told["schedules"][1]["samples_ratio"]["mid"]
    assert ratio == pytest.approx(2)  # as many steps, of 200 samples in place of 100
    table = visitor.page.locator(".st-key-card-untimed tbody tr").nth(1)
    expect(table).to_contain_text("200.0%")
    expect(visitor.page.locator(".pb-card")).to_have_count(0)
    every_text_is_in_its_language(visitor)
    everybody_can_read_it(visitor)


def test_a_schedule_that_the_log_does_not_show_is_stated_with_the_fields_of_a_plan(
    installation: Paybatch, signed_in: NewVisitor, tmp_path: Path
):
    language: Language = "en"
    rates = ("0.1", "0.3", "0.05", "0.2", "0.07")
    text = "\n".join(
        line.replace(",0.1,200,", f",{rates[int(line.split(',')[3]) // 10]},200,")
        if line.startswith("growing")
        else line
        for line in KNOWN_CSV.splitlines()
    )
    visitor = signed_in(paybatch=installation, language=language)
    page = visitor.page
    visitor.visit("")
    bring(visitor, tmp_path / "runs.csv", text)
    map_columns(visitor)
    say_the_terms(visitor)
    say_the_price(visitor)
    reason = label("import.not_inferred", "no_form_fits", language)
    expect(page.get_by_text(asked(language, "why_not", reason=reason))).to_be_visible()
    visitor.press(asked(language, "import"))
    expect(page.get_by_text(say("refusal.import_not_said", language))).to_be_visible()

    of_growing = asked(language, "schedule_of", schedule="growing")
    visitor.choose(of_growing, asked(language, "schedule_stated"))
    visitor.enter(say("page.plan.batch_initial", language), "250")
    visitor.enter(say("page.plan.rate_initial", language), "0.15")
    everybody_can_read_it(visitor)
    visitor.press(asked(language, "import"))
    contradiction = page.get_by_text("logged a batch size of 200 at step 0")
    expect(contradiction).to_be_visible()
    visitor.wait_until_drawn()

    visitor.enter(say("page.plan.batch_initial", language), "200")
    store(visitor)
    visitor.press(asked(language, "review"))
    expect(page.get_by_role("heading", level=1, name="runs.csv")).to_be_visible()
    pilot = installation.api.pilot(pilot_in(visitor)).pilot
    (growing,) = pilot.candidates
    assert (growing.learning_rate.initial, growing.batch_size.initial) == (0.15, 200)
