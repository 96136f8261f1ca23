"""What happens to somebody who watches a pilot while its programs fall over one by one."""

import re
import signal

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.contract.programs import wait_until
from tests.support.installation import a_pilot, schedule_data

PATIENCE_MS = 60_000
EPOCHS = 40
RATE = {"initial": 0.01}


def a_pilot_of_some_seconds():
    """Two schedules on three seeds; each run takes long enough to be interrupted."""
    return a_pilot(
        budget={"epochs": EPOCHS},
        seeds={"confirmation": [11, 12, 13]},
        schedules=[
            schedule_data("today", role="baseline", learning_rate=RATE, batch_size={"initial": 8}),
            schedule_data("larger", learning_rate=RATE, batch_size={"initial": 16}),
        ],
    )


def test_the_page_recovers_by_itself_from_the_loss_of_each_program(
    new_paybatch: Paybatch, signed_in: NewVisitor
):
    api = new_paybatch.api
    worker = new_paybatch.start_worker()
    pilot = api.create(a_pilot_of_some_seconds(), throughput=None)
    watcher = signed_in(paybatch=new_paybatch)
    watcher.visit("live", pilot=pilot.id)
    page = watcher.page
    wait_until(lambda: api.pilot(pilot.id).run_counts.get("succeeded", 0) > 1, what="a first run")

    api.kill()
    expect(page.get_by_text("Paybatch does not answer.")).to_be_visible(timeout=PATIENCE_MS)
    api.start()
    expect(page.get_by_text("Paybatch does not answer.")).to_have_count(0, timeout=PATIENCE_MS)

    new_paybatch.page.kill()
    new_paybatch.page.start()

    worker.signal(signal.SIGKILL)
    worker.wait()
    new_paybatch.start_worker()

    expect(page.get_by_text("nothing is left to run")).to_be_visible(timeout=180_000)
    expect(page.locator(".pb-card-value").first).to_have_text("7 of 7")
    done = api.pilot(pilot.id)
    assert (done.phase, done.run_counts) == ("done", {"succeeded": 1 + 2 * 3})
    for run in api.runs(pilot.id):
        if run.run.schedule is not None:
            series = api.series(run.id, "evaluation")
            assert len(series.steps) == series.total_points == 1 + EPOCHS


def test_the_example_starts_with_one_press_and_ends_with_another(
    new_paybatch: Paybatch, signed_in: NewVisitor
):
    visitor = signed_in(paybatch=new_paybatch)
    visitor.visit("")
    visitor.press("Start the example pilot")
    page = visitor.page
    expect(page).to_have_url(re.compile("/live"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Example: growing batch on digits")
    page.get_by_role("button", name="Cancel the pilot", exact=True).click()
    visitor.press("Cancel all runs")
    expect(page.get_by_text("nothing is left to run")).to_be_visible()
    (example,) = new_paybatch.api.get("/api/pilots")["items"]
    assert example["phase"] == "cancelled"
