"""A workload that a worker brought is planned with on the page, by its own words."""

import httpx
from playwright.sync_api import expect

from planner.pilots.workload import Workload
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.contract.programs import PATIENCE_S
from tests.support.installation import credentials_in
from tests.support.planted_worker import PlantedWorker, falling_loss

TUMOURS = Workload(
    name="breast-cancer-mlp",
    version="1.0.0",
    training_samples=341,
    validation_samples=114,
    test_samples=114,
    metrics=("train_loss", "validation_loss", "validation_brier", "validation_hits"),
    directions={"validation_brier": "below", "validation_hits": "above"},
    source="scikit-learn breast cancer",
)


def bring(paybatch: Paybatch, workload: Workload) -> None:
    token = credentials_in(paybatch.folder / "api").registration_token
    with httpx.Client(base_url=paybatch.api.url, timeout=PATIENCE_S) as http:
        PlantedWorker(http, token, lambda *_: falling_loss(0.2), name="desk", plug_ins=(workload,))


def test_a_plug_ins_workload_is_chosen_and_raced_to_its_own_metric(
    new_paybatch: Paybatch, signed_in: NewVisitor
):
    bring(new_paybatch, TUMOURS)
    engineer = signed_in(paybatch=new_paybatch)
    engineer.visit("plan")
    page = engineer.page
    engineer.choose("Workload", "breast-cancer-mlp")
    note = page.get_by_text("341 training and 114 validation samples.")
    expect(note).to_contain_text("Version 1.0.0 of its plug-in.")
    target = page.locator(".st-key-card-plan-target")
    target.get_by_role("combobox", name="Metric").click()
    engineer.click(page.get_by_role("option", name="validation_hits", exact=True))
    expect(target.get_by_label("At or above", exact=True)).to_be_visible()
    quality = page.locator(".st-key-card-plan-quality")
    quality.get_by_role("combobox", name="Metric").click()
    engineer.click(page.get_by_role("option", name="validation_brier", exact=True))
    expect(quality.get_by_text("Lower is better.")).to_be_visible()
