"""A manager's way from the link in the terminal to a number that another person can open."""

import hashlib
import io
import re
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.browsing import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.contract.programs import wait_until

EPOCHS = "60"
"""Runs of some seconds, so that there is time to watch and to stop them."""

NAME = "Our own schedule"
OWN = "own stages"


def test_a_manager_plans_watches_reviews_and_shares_a_pilot(
    new_paybatch: Paybatch, visitor: NewVisitor
):
    new_paybatch.start_worker()
    manager = visitor(paybatch=new_paybatch)
    manager.go_to(new_paybatch.sign_in_link())
    expect(manager.page.get_by_role("button", name="Start the example pilot")).to_be_visible()
    manager.press("Plan your own")
    plan(manager)
    watch(manager)
    review(manager)
    share(manager, visitor(paybatch=new_paybatch), visitor(paybatch=new_paybatch))
    take_the_deck(manager)


def plan(manager: Visitor) -> None:
    """Three steps; the middle one is left and found again by its link."""
    page = manager.page
    manager.enter("Name of the pilot", NAME)
    manager.enter("Epochs of every run", EPOCHS)
    manager.enter("Seeds that confirm", "3")
    for multiple in ("0.5×", "2×", "4×"):
        manager.press(multiple)
    manager.press("Next")
    for _ in range(2):
        manager.click(page.get_by_role("radio", name=re.compile("and rate|warm-up")).first)
        manager.press("Remove this schedule")
    manager.choose("Add a schedule", OWN)
    manager.press("Add")
    change_second_batch(manager, "64")
    manager.reload()
    expect(page.get_by_role("radio", name=OWN)).to_be_visible()
    manager.press("Next")
    expect(page.get_by_text("It pays back if the new schedule saves at least")).to_be_visible()
    manager.press("Start the pilot")
    expect(page).to_have_url(re.compile(r"/live\?.*pilot="))
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()


def change_second_batch(manager: Visitor, batch_size: str) -> None:
    """Types into the table of stages: second row, second column."""
    table = manager.page.get_by_test_id("stDataFrame").first
    box = table.bounding_box()
    assert box is not None
    table.dblclick(position={"x": box["width"] * 0.75, "y": 84})
    editor = manager.page.locator("#portal input, #portal textarea")
    expect(editor).to_be_focused()
    editor.fill(batch_size)
    expect(editor).to_have_value(batch_size)
    with manager.answer():
        editor.press("Enter")


def watch(manager: Visitor) -> None:
    """Cancels one run, raises another, pauses and resumes it, and waits for the end."""
    page = manager.page
    api = manager.paybatch.api
    pilot_id = parse_qs(urlsplit(page.url).query)["pilot"][0]
    wait_until(lambda: len(api.runs(pilot_id)) == 1 + 3 * 3, what="the queue after the probe")
    look_at(manager, f"{OWN}, 1×, seed 12")
    page.get_by_label("Reason").last.fill("not needed")
    manager.press("Cancel")
    expect(page.locator(".pb-state-cancelled")).to_be_visible()
    expect(page.get_by_text("not needed").first).to_be_visible()
    look_at(manager, f"{OWN}, 1×, seed 13")
    manager.press("Run it next")
    expect(facts(page)).to_contain_text("Priority1")
    manager.press("Pause")
    expect(page.locator(".pb-state-paused")).to_be_visible()
    manager.press("Resume")
    expect(page.locator(".pb-state-paused")).to_have_count(0)
    expect(page.get_by_text("nothing is left to run")).to_be_visible(timeout=180_000)


def look_at(manager: Visitor, run: str) -> None:
    manager.choose("Show the run", run)
    expect(manager.page.get_by_role("heading", name=run)).to_be_visible()


def facts(page: Page) -> Locator:
    return page.locator(".pb-list.pb-two").first


def review(manager: Visitor) -> None:
    """Another price moves the money and nothing that was measured; a reload moves nothing."""
    manager.open("Review")
    expect(manager.page.get_by_text("Net benefit over").first).to_be_visible()
    before, measured = money(manager), measurements(manager)
    manager.enter("Price of a device-hour (USD)", "12")
    after = money(manager)
    assert [old for old, new in zip(before, after, strict=True) if old == new] == []
    assert measurements(manager) == measured
    manager.reload()
    assert (money(manager), measurements(manager)) == (after, measured)


def money(visitor: Visitor) -> list[str]:
    """Net benefit, payback and return on investment."""
    return card_values(visitor)[:3]


def measurements(visitor: Visitor) -> list[str]:
    """Time to target and quality, against today."""
    return card_values(visitor)[3:]


def card_values(visitor: Visitor) -> list[str]:
    """The five numbers of a review, once all of them are drawn."""
    cards = visitor.page.locator(".pb-card-value")
    expect(cards).to_have_count(5)
    return cards.all_inner_texts()


def share(manager: Visitor, colleague: Visitor, stranger: Visitor) -> None:
    """The same numbers in Japanese, for another person, and for nobody who is not signed in."""
    english = money(manager), measurements(manager)
    manager.click(manager.page.get_by_text("日本語"))
    expect(manager.page).to_have_url(re.compile("lang=ja"))
    expect(manager.page.locator("html")).to_have_attribute("lang", "ja")
    expect(manager.page.get_by_role("link", name="評価")).to_be_visible()
    japanese = money(manager), measurements(manager)
    assert figures(japanese[0][1:]) == figures(english[0][1:])
    assert figures(japanese[1]) == figures(english[1])
    address = manager.page.url
    colleague.sign_in()
    colleague.go_to(address)
    assert (money(colleague), measurements(colleague)) == japanese
    stranger.go_to(address)
    expect(stranger.page.get_by_text("paybatch open").first).to_be_visible()
    expect(stranger.page.get_by_text(NAME)).to_have_count(0)


def take_the_deck(manager: Visitor) -> None:
    """A Japanese deck on the price that was typed, named by its hash in the list."""
    page = manager.page
    manager.press("エクスポート")
    expect(page.locator(".st-key-card-reports-make")).to_contain_text(
        "デバイス時間あたり 12.00ドル"
    )
    expect(page.locator(".st-key-card-reports-list")).to_contain_text("まだありません")
    manager.press("PDF")
    manager.press("PowerPoint")
    manager.press("ファイルを作成")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PowerPoint をダウンロード").click()
    assert waiting.value.suggested_filename.endswith(".ja.pptx")
    content = Path(waiting.value.path()).read_bytes()
    deck = zipfile.ZipFile(io.BytesIO(content))
    slides = [name for name in deck.namelist() if re.fullmatch(r"ppt/slides/slide\d\.xml", name)]
    assert len(slides) == 5
    said = "".join(deck.read(name).decode("utf-8") for name in slides)
    assert NAME in said
    assert "回収" in said
    shown = page.locator(".pb-report code").first
    expect(shown).to_have_attribute("title", hashlib.sha256(content).hexdigest())


def figures(texts: list[str]) -> list[str]:
    """Without the words of a language; only large amounts of money are counted differently."""
    return [re.sub(r"[^\d.,−]", "", text) for text in texts]
