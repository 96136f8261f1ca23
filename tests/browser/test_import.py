"""The page of imports in a browser: a file, its columns, and what it does not say."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.browsing import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.support.brought_files import KNOWN_CSV
from wording.catalogue import say
from wording.language import Language


def asked(language: Language, key: str, **params: str) -> str:
    return say(f"page.import.{key}", language, **params)


def bring(visitor: Visitor, file: Path) -> None:
    with visitor.answer():
        visitor.page.locator("input[type=file]").set_input_files(file)


def test_a_file_is_mapped_and_what_it_does_not_say_is_asked(
    new_paybatch: Paybatch, signed_in: NewVisitor, tmp_path: Path
):
    language: Language = "en"
    file = tmp_path / "runs.csv"
    file.write_text(KNOWN_CSV, encoding="utf-8")
    visitor = signed_in(paybatch=new_paybatch, language=language)
    page = visitor.page
    visitor.visit("import")
    bring(visitor, file)
    visitor.press(asked(language, "look"))

    read = page.get_by_role("button", name=asked(language, "read"), exact=True)
    expect(read).to_be_visible()
    visitor.choose(asked(language, "time_unit"), asked(language, "time_unit_minutes"))
    for number, name in (("1", "validation_loss"), ("2", "validation_accuracy")):
        visitor.choose(asked(language, "metric_name", number=number), name)
    visitor.choose(asked(language, "batch_meaning"), asked(language, "batch_meaning_global"))
    visitor.click(read)

    found = asked(language, "runs_title", count="6")
    expect(page.get_by_role("heading", name=found, exact=True)).to_be_visible()
    visitor.enter(asked(language, "workload"), "our model")
    visitor.enter(asked(language, "training_samples"), "1000")
    visitor.enter(asked(language, "target_value"), "0.5")
    visitor.choose(asked(language, "baseline"), "today")
    visitor.enter(asked(language, "device"), "Cluster A")
    visitor.enter(asked(language, "device_count"), "4")
    visitor.press(asked(language, "import"))
    expect(page.get_by_text(say("refusal.import_not_said", language))).to_be_visible()
