"""One Chromium and one Paybatch for all tests of the pages; a picture of each page that failed."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from planner.devices.throughput import BundleSpeed
from planner.exchange.states import PilotState
from tests.browser.browsing import PATIENCE_MS, Visitor, a_visitor, picture
from tests.browser.chromium import FLAGS, BrowserMissing, find_chromium
from tests.browser.programs import Paybatch, a_paybatch
from tests.planner.devices.scaled import a_scaling
from tests.support.planted_pilots import ADOPT
from tests.support.planted_worker import planted_curve

FAILURES = Path(__file__).parents[2] / "out" / "browser"
"""Where pictures of failed tests are put."""

FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=PATIENCE_MS)

NewVisitor = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        here = item.path.is_relative_to(Path(__file__).parent)
        if here and item.get_closest_marker("accessibility") is None:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        program = find_chromium()
    except BrowserMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def paybatch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paybatch]:
    with a_paybatch(tmp_path_factory.mktemp("paybatch")) as paybatch:
        yield paybatch


@pytest.fixture
def new_paybatch(tmp_path: Path) -> Iterator[Paybatch]:
    """An installation of one test, which nobody has used before."""
    with a_paybatch(tmp_path) as paybatch:
        yield paybatch


@pytest.fixture(scope="session")
def adopted(paybatch: Paybatch) -> PilotState:
    """A finished pilot that pays back; its worker measured one device first, and two."""
    together = BundleSpeed(
        execution="batched",
        members=5,
        batch_size=8,
        step_time_s=2e-3,
        single_step_time_s=1.08e-3,
    )
    curve = dataclasses.replace(planted_curve(), bundles=(together,))
    scaling = dataclasses.replace(a_scaling(), device=curve.device, versions=curve.versions)
    return paybatch.plant(ADOPT.pilot(), ADOPT.plant(), measures=curve, scaling=scaling)


@pytest.fixture
def visitor(
    browser: Browser, paybatch: Paybatch, request: pytest.FixtureRequest
) -> Iterator[NewVisitor]:
    """Makes browsers; no page of theirs may throw."""
    visitors: list[Visitor] = []

    def come(**how: Any) -> Visitor:
        visitors.append(a_visitor(browser, how.pop("paybatch", paybatch), **how))
        return visitors[-1]

    yield come
    failed = request.node.stash.get(FAILED, True)
    for number, found in enumerate(visitors, start=1):
        if failed:
            name = re.sub(r"\W+", "-", request.node.name).strip("-")
            picture(found.page, FAILURES / f"{name}-{number}.png")
        found.context.close()
    assert [error for found in visitors for error in found.errors] == []


@pytest.fixture
def signed_in(visitor: NewVisitor) -> NewVisitor:
    """Makes browsers whose visitor came through the link."""

    def come(**how: Any) -> Visitor:
        found = visitor(**how)
        found.sign_in()
        return found

    return come
