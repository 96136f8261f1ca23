"""Settings of every test, and the options of those that disturb and starve the programs."""

import logging
import secrets
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.faults.ledger import table_of
from tests.support.databases import DATABASES, KINDS

# Examples have no deadline, since a busy machine is no defect.
settings.register_profile("paybatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("paybatch")


@pytest.fixture
def log_as_before() -> Iterator[None]:
    """Puts the log of this process back where it went before the test sent it elsewhere."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, default="sqlite", help="of the app under test")
    group = parser.getgroup("faults")
    group.addoption("--whole", action="store_true", help="repeat every fault as often as promised")
    group.addoption(
        "--thorough", action="store_true", help="2,000 examples of the model of the queue"
    )
    group.addoption("--fault-seed", type=int, default=None, help="repeat a run with its seed")


def pytest_configure(config: pytest.Config) -> None:
    DATABASES.kind = config.option.database
    # An option, so that every process of a run in several has the same.
    if config.option.fault_seed is None:
        config.option.fault_seed = secrets.randbelow(2**32)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.database == "sqlite":
        return
    without = [item for item in items if item.get_closest_marker("file") is not None]
    items[:] = [item for item in items if item not in without]
    config.hook.pytest_deselected(items=without)


def pytest_unconfigure() -> None:
    DATABASES.close()


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.option.database}; faults: --fault-seed {config.option.fault_seed}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    noted = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "teardown"
        for name, value in getattr(report, "user_properties", ())
        if name == "figures"
    ]
    if noted:
        terminalreporter.section("promises")
        for line in table_of(noted):
            terminalreporter.line(line)
