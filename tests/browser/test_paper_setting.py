"""The paper's setting (iv) is built by hand, warned about, found again, taken home and run.

Growing batch and warmed-up rate, `warmup_cosine_max0.5` of the normalised form: batch 8 doubles
every 30 of 300 epochs, the rate grows from 0.1 to 0.5 within 30 epochs in stairs of 3, then falls
as a cosine, momentum 0.9. The built-in digits stand for CIFAR-100: 1,078 samples.
"""

import dataclasses
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.browsing import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.contract.programs import wait_until
from tests.support.planted_pilots import ADOPT
from tests.support.planted_worker import planted_curve

NAME = "paper (iv)"

STEPS = sum(30 * -(-1_078 // min(8 * 2**stage, 1_078)) for stage in range(10))
"""8,250 of the ten stages, the last of which are full batches; today's 128 takes 300 x 9."""


def test_an_engineer_builds_the_papers_fourth_setting_and_runs_it(
    new_paybatch: Paybatch, visitor: NewVisitor
):
    measured = dataclasses.replace(ADOPT.pilot(), name="measured before")
    new_paybatch.plant(measured, ADOPT.plant(), measures=planted_curve())
    engineer = visitor(paybatch=new_paybatch)
    engineer.sign_in()
    engineer.visit("plan")
    keep_it_short(engineer)
    engineer.press("Next")
    build(engineer)
    hear_what_is_probably_not_meant(engineer)
    engineer.reload()
    expect(field(engineer.page, "A stair every, epochs")).to_have_value("3")
    state_the_form(engineer)
    take_home(engineer)
    run(engineer)


def keep_it_short(engineer: Visitor) -> None:
    """300 epochs as in the paper; few runs and few evaluations."""
    engineer.enter("Name of the pilot", NAME)
    engineer.enter("Epochs of every run", "300")
    engineer.enter("Evaluate every", "100ep")
    engineer.enter("Seeds that confirm", "3")
    for multiple in ("0.5×", "2×", "4×"):
        with engineer.answer():
            engineer.page.get_by_role("button", name=multiple, exact=True).click()


def build(engineer: Visitor) -> None:
    """Today's is a batch of 128; the only candidate is written field by field."""
    for other in ("growing batch and rate", "growing batch, warm-up"):
        choose_schedule(engineer, other)
        engineer.press("Remove this schedule")
    choose_schedule(engineer, "today")
    engineer.enter("First batch", "128")
    engineer.enter("First rate", "0.1")
    choose_schedule(engineer, "growing batch")
    engineer.enter("Name", NAME)
    engineer.enter("First rate", "0.1")
    with engineer.answer():
        engineer.page.get_by_text("Warm up first", exact=True).click()
    engineer.enter("Up to the rate", "0.5")
    expect(field(engineer.page, "For, epochs")).to_have_value("30")
    engineer.enter("A stair every, epochs", "3")
    engineer.enter("Every, epochs", "30")
    engineer.enter("Largest batch", "")
    expect(field(engineer.page, "Momentum at the start")).to_have_value("0.9")
    engineer.choose("Its rates are stated for", "normalised")


def hear_what_is_probably_not_meant(engineer: Visitor) -> None:
    card = schedule_card(engineer.page)
    expect(card.get_by_text("leaves the device idle")).to_be_visible()
    expect(card.get_by_text("larger than the 1,078 training samples")).to_be_visible()
    # 1 / (1 - 0.9) = 10; 8,250 / 2,700 = 3.06 times the steps.
    expect(card.get_by_text("here they act 10.0 times as strongly")).to_be_visible()
    expect(card.get_by_text("3.06 times the steps")).to_be_visible()
    effort = engineer.page.locator(".st-key-card-plan-work")
    expect(effort).to_contain_text(f"{STEPS:,}")
    with engineer.answer():
        engineer.page.get_by_role("radio", name="Time", exact=True).click()
    preview = engineer.page.locator(".st-key-card-plan-preview")
    expect(preview.get_by_text("The chosen hardware is not measured.")).to_be_visible()


def state_the_form(engineer: Visitor) -> None:
    """Training in the paper's form of momentum takes the warning away."""
    engineer.press("Back")
    engineer.choose("Form of momentum", "normalised")
    engineer.press("Next")
    card = schedule_card(engineer.page)
    expect(card.get_by_text("leaves the device idle")).to_be_visible()
    expect(card.get_by_text("another form of momentum")).to_have_count(0)


def take_home(engineer: Visitor) -> None:
    """The code of the candidate, for a trainer that is not ours."""
    page = engineer.page
    page.get_by_role("button", name="Take home the code").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download", exact=True).click()
    code = taken.value.path().read_text(encoding="utf-8")
    compile(code, taken.value.suggested_filename, "exec")
    assert str(STEPS) in code.replace("_", "").replace(",", "")
    page.keyboard.press("Escape")


def run(engineer: Visitor) -> None:
    """A worker trains it to its end."""
    engineer.press("Next")
    engineer.press("Start the pilot")
    expect(engineer.page).to_have_url(re.compile("/live.*pilot="))
    expect(engineer.page.get_by_role("heading", name=NAME)).to_be_visible()
    pilot_id = parse_qs(urlsplit(engineer.page.url).query)["pilot"][0]
    api = engineer.paybatch.api
    engineer.paybatch.start_worker()
    wait_until(
        lambda: any(
            found.status == "succeeded" and found.run.schedule == NAME
            for found in api.runs(pilot_id)
        ),
        what="a run of the setting",
    )


def choose_schedule(engineer: Visitor, name: str) -> None:
    with engineer.answer():
        engineer.page.get_by_role("radio", name=name, exact=True).click()


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def schedule_card(page: Page) -> Locator:
    return page.locator(".st-key-card-plan-schedule")
