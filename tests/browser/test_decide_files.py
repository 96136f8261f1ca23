"""Trainings from a file as a manager takes them: brought, mapped, looked through, then stored."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import WIDE, Theme, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.languages import users_words
from tests.browser.programs import Paybatch
from tests.browser.sights import (
    every_text_can_be_read,
    no_rule_of_wcag_is_broken,
    nothing_is_in_another_language,
)
from tests.support.gated_pilots import CRITERIA, SIGNATURE, plant, priced_pilot
from tests.support.production_files import RUNS_CSV, table
from wording.catalogue import say
from wording.language import Language

CARD = ".st-key-card-decide-file"
ROWS = f"{CARD} table:has(.pb-pill) tbody tr"
RESULTS = ".st-key-card-decide-results tbody tr"


def signed(paybatch: Paybatch) -> str:
    """Id of a pilot whose limited rollout was signed today."""
    pilot = paybatch.plant(priced_pilot(), plant)
    path = f"/api/pilots/{pilot.id}/adoption"
    paybatch.api.post(f"{path}:fix-criteria", CRITERIA)
    paybatch.api.post(f"{path}:sign", SIGNATURE | {"override": True})
    return pilot.id


def row(name: str, minutes: str, *, schedule: str = "growing batch", quality: str = "yes") -> str:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return f"{name};{schedule};{now};{minutes};8;{quality};"


def bring(visitor: Visitor, file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    with visitor.answer():
        visitor.page.locator(f"{CARD} input[type=file]").set_input_files(file)
    visitor.press(say("page.import.look", visitor_language(visitor)))
    expect(preview_button(visitor)).to_be_visible()


def visitor_language(visitor: Visitor) -> Language:
    return "ja" if visitor.language == "ja" else "en"


def preview_button(visitor: Visitor):
    label = say("page.decide.file_preview", visitor_language(visitor))
    return visitor.page.get_by_role("button", name=label, exact=True)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ja", "dark")])
def test_a_manager_takes_trainings_from_a_file(
    new_paybatch: Paybatch,
    signed_in: NewVisitor,
    tmp_path: Path,
    language: Language,
    theme: Theme,
):
    def words(key: str, **params: str | float) -> str:
        return say(f"page.decide.{key}", language, **params)

    pilot_id = signed(new_paybatch)
    visitor = signed_in(paybatch=new_paybatch, language=language, theme=theme)
    page = visitor.page
    visitor.visit("decide", pilot=pilot_id)
    file = tmp_path / "trainings.csv"

    bring(visitor, file, table(row("a1", "300"), row("a2", "5 h")))
    visitor.click(preview_button(visitor))
    expect(page.get_by_text(say("refusal.import_not_said", language))).to_be_visible()
    iso = say("page.import.time_unit_iso8601", language)
    visitor.choose(words("file_started_form"), iso)
    visitor.choose(words("file_duration_unit"), words("file_unit_minutes"))
    visitor.choose(words("file_reached"), "quality")
    visitor.click(preview_button(visitor))
    expect(page.locator(ROWS)).to_have_count(2)
    expect(page.locator(ROWS).first).to_contain_text("5 h")
    store = page.get_by_role("button", name=words("file_store", count=1), exact=True)
    expect(store).to_be_disabled()
    every_text_can_be_read(visitor)
    visitor.resize(WIDE["width"])
    no_rule_of_wcag_is_broken(visitor)
    known = (*users_words(new_paybatch.api), file.name, *table().strip("\ufeff").split(";"))
    nothing_is_in_another_language(visitor, (*known, *SIGNATURE.values(), "yes"))

    visitor.press(say("page.import.discard", language))
    right = table(
        row("a1", "300"), row("a2", "310", quality="no"), row("a3", "720", schedule="today")
    )
    bring(visitor, file, right)
    visitor.click(preview_button(visitor))
    expect(page.locator(ROWS)).to_have_count(3)
    visitor.press(words("file_store", count=3))
    told = words("file_stored", file=file.name, stored=3, known=0, left_out=0)
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.locator(RESULTS)).to_have_count(3)
    line = words("line", line="2")
    expect(page.locator(RESULTS).filter(has_text=line)).to_contain_text(f"{file.name}")
    expect(page.locator('[class*="st-key-card-realised"]')).to_be_visible()
    under = say("role.baseline", language)
    expect(page.locator(RESULTS).filter(has_text=under)).to_have_count(1)

    bring(visitor, file, right)
    visitor.click(preview_button(visitor))
    expect(page.get_by_text(words("file_nothing_new"))).to_be_visible()
    expect(page.get_by_role("button", name=words("file_store", count=0))).to_be_disabled()

    page.get_by_role("button", name=words("withdraw"), exact=True).click()
    visitor.choose(words("withdraw_which"), words("file_whole", file=file.name, trainings=3))
    visitor.press(words("withdraw_now"))
    expect(page.locator(RESULTS)).to_have_count(0)


def test_runs_of_a_log_are_mapped_and_their_schedules_are_said(
    new_paybatch: Paybatch, signed_in: NewVisitor, tmp_path: Path
):
    language: Language = "en"

    def words(key: str, **params: str | float) -> str:
        return say(f"page.decide.{key}", language, **params)

    def asked(key: str, **params: str) -> str:
        return say(f"page.import.{key}", language, **params)

    pilot_id = signed(new_paybatch)
    visitor = signed_in(paybatch=new_paybatch, language=language)
    page = visitor.page
    visitor.visit("decide", pilot=pilot_id)
    file = tmp_path / "runs.csv"
    today = datetime.now(UTC).date().isoformat()
    text = RUNS_CSV
    for day in ("2026-11-02", "2026-11-03", "2026-11-04"):
        text = text.replace(day, today)
    bring(visitor, file, text)
    visitor.click(page.get_by_text(words("file_kind_runs"), exact=True))
    visitor.choose(asked("time_unit"), asked("time_unit_iso8601"))
    visitor.choose(asked("pauses"), asked("pauses_count"))
    visitor.choose(asked("metric_name", number="1"), "validation_loss")
    visitor.press(asked("read"))
    expect(preview_button(visitor)).to_be_visible()
    visitor.enter(words("file_device_count"), "8")
    visitor.choose(words("file_ends"), words("file_ends_reached"))
    visitor.click(preview_button(visitor))
    expect(page.locator(ROWS).filter(has_text=words("fate_refused"))).to_have_count(1)
    visitor.choose(words("file_use", schedule="constant", trainings=1), words("file_use_baseline"))
    expect(page.get_by_text(words("file_changed"))).to_be_visible()
    visitor.click(preview_button(visitor))
    visitor.press(words("file_store", count=3))
    expect(page.locator(RESULTS)).to_have_count(3)
    lost = page.locator(RESULTS).filter(has_text="second")
    expect(lost.get_by_role("cell", name=words("no"), exact=True)).to_have_count(1)
