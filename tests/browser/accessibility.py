"""What axe-core finds wrong with a page, by the success criteria of WCAG 2.2 up to AA."""

from importlib.resources import files

from playwright.sync_api import Page

CRITERIA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

_RUN = """async criteria => {
    const found = await axe.run({
        runOnly: {type: 'tag', values: criteria},
        rules: {'target-size': {enabled: true}},
    });
    return found.violations.flatMap(violation => violation.nodes.map(
        node => `${violation.id}: ${node.target.join(' ')} (${node.failureSummary})`));
}"""


def violations(page: Page) -> list[str]:
    """One line for every element that breaks a rule."""
    page.evaluate(_AXE)
    return list(page.evaluate(_RUN, list(CRITERIA)))
