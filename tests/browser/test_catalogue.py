"""The catalogue: a published setting is searched, looked at and taken into a plan."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor


def test_a_published_setting_is_found_looked_at_and_taken_as_a_start(signed_in: NewVisitor):
    visitor = signed_in()
    page = visitor.page
    visitor.visit("plan", step="2")
    visitor.press("Begin with a published setting")
    expect(page).to_have_url(re.compile("/catalogue"))
    visitor.wait_until_drawn()
    rows = page.locator(".pb-published tbody tr")
    expect(rows).to_have_count(59)
    visitor.enter("Search", "tiny (iii)")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("find=tiny"))
    row = page.get_by_role("link", name="(iii) doubly_incr_lr_max1.0")
    row.click()
    expect(page).to_have_url(re.compile("setting=nshb_tiny_imagenet"))
    visitor.wait_until_drawn()
    expect(rows).to_have_count(1)
    expect(page.locator(".st-key-card-catalogue-facts")).to_contain_text("1,190,190")
    expect(page.locator(".st-key-card-catalogue-facts")).to_contain_text("arXiv 2508.03105")
    # The example's plan: 20 epochs of 1,078 samples in PyTorch's form; 1 / (1 - 0.87) = 7.7.
    start = page.locator(".st-key-card-catalogue-start")
    expect(start).to_contain_text("1,078 training samples, the publication 100,000")
    expect(start).to_contain_text("The plan runs 20 epochs, the publication 300.")
    expect(start).to_contain_text("7.7× as strongly")
    start.get_by_role("button", name="Use as a start").click()
    expect(page).to_have_url(re.compile("/plan.*step=2"))
    visitor.wait_until_drawn()
    name = page.get_by_label("Name", exact=True)
    expect(name).to_have_value("(iii) doubly_incr_lr_max1.0")
    # eta 0.1 at beta 0.87 is alpha 0.013 in the form of the plan.
    expect(page.get_by_label("First rate", exact=True)).to_have_value("0.013")
