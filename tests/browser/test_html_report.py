"""The HTML report as a browser opens it from a mail: nothing moves, and everybody can read it."""

import pytest
from playwright.sync_api import Browser, expect

from backend.reports.html import html_text
from tests.browser.accessibility import violations
from tests.support.hostile_names import named

NAME = "<script>document.title='ran'</script><img src=http://127.0.0.1:9/x> " + "w" * 120


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ja", "dark")])
def test_a_report_with_a_hostile_name_loads_nothing_and_keeps_its_width(
    browser: Browser, tmp_path, language, theme
):
    file = tmp_path / "report.html"
    file.write_text(html_text(named(NAME), language), encoding="utf-8")
    context = browser.new_context(color_scheme=theme, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert said == []
    expect(page).to_have_title(NAME)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert violations(page) == []
    context.close()
