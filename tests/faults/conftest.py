"""What every fault test is given: seeded chance, how often to repeat, and a ledger of figures."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

from tests.faults.ledger import Figures
from tests.support.databases import DATABASES

PromiseOf = Callable[[str], Figures]
Number = TypeVar("Number", int, float)


class Often(Protocol):
    """The whole number of times, or the short one."""

    def __call__(self, *, whole: Number, short: Number) -> Number: ...


UNHURRIED = 10
"""Niceness of tests in which nothing is to happen within some time."""

CAP_SYS_NICE = 23

EVERY_DATABASE = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
"""Kinds of database, of which the second is in the long run only."""


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Chance that the printed seed and the test's name repeat."""
    return random.Random(f"{request.config.option.fault_seed}:{request.node.name}")  # noqa: S311


@pytest.fixture(scope="session")
def often(request: pytest.FixtureRequest) -> Often:
    """How many times a fault strikes, or how long: ``often(whole=100, short=4)``."""
    is_whole: bool = request.config.getoption("--whole")

    def times(*, whole: Number, short: Number) -> Number:
        return whole if is_whole else short

    return times


@pytest.fixture
def unhurried(database: dict[str, str]) -> Iterator[None]:  # noqa: ARG001  # its server may hurry
    """The test takes the processor when no other wants it: others promise that something is soon.

    Where it could not hurry again afterwards, it goes on as before.
    """
    if not _may_hurry_again():
        yield
        return
    before = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(before, UNHURRIED))
    yield
    os.setpriority(os.PRIO_PROCESS, 0, before)


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> Iterator[PromiseOf]:
    """The ledger of one promise, printed at the end of the run."""
    kept: dict[str, Figures] = {}
    yield lambda name: kept.setdefault(name, Figures(promise=name))
    for figures in kept.values():
        request.node.user_properties.append(("figures", figures.noted()))


@pytest.fixture(params=EVERY_DATABASE)
def database(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Settings of an API on each kind of database: ``an_api(folder, **database)``."""
    with settings_of(request.param) as settings:
        yield settings


def _may_hurry_again() -> bool:
    """Whether this process has the capability of Linux that lowers a niceness."""
    status = Path("/proc/self/status").read_text()
    effective = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(effective.split()[1], 16) >> CAP_SYS_NICE & 1)


@contextmanager
def settings_of(kind: str) -> Iterator[dict[str, str]]:
    """Settings that give an API a new database of a kind."""
    if kind == "sqlite":
        yield {}
        return
    with DATABASES.postgresql() as url:
        yield {"database_url": url}
