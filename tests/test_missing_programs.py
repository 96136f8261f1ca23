"""Programs of other people that the tests use: found, named, or told how to install."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Needed:
    """A module that looks for a program, and what it says of it."""

    module: str
    said: str
    variable: str
    package: str


NEEDED = {
    "browser": Needed(
        module="tests.browser.chromium",
        said="Browser of the tests",
        variable="PAYBATCH_CHROMIUM",
        package="chromium fonts-noto-cjk",
    ),
    "spreadsheet": Needed(
        module="tests.spreadsheet.libreoffice",
        said="Spreadsheet of the tests",
        variable="PAYBATCH_SOFFICE",
        package="libreoffice-calc",
    ),
    "proxy": Needed(
        module="tests.proxy.caddy",
        said="Proxy of the tests",
        variable="PAYBATCH_CADDY",
        package="caddy",
    ),
    "database": Needed(
        module="tests.support.postgres",
        said="PostgreSQL of the tests",
        variable="PAYBATCH_INITDB",
        package="postgresql",
    ),
}

pytestmark = pytest.mark.parametrize("needed", NEEDED.values(), ids=NEEDED)


def ask(needed: Needed, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", needed.module],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_a_computer_without_the_program_is_told_what_to_install(needed: Needed):
    answer = ask(needed, {"PATH": ""})
    assert answer.returncode == 1
    assert f"apt-get install --no-install-recommends {needed.package}" in answer.stderr


def test_a_named_program_that_does_not_exist_is_told_by_its_name(needed: Needed):
    answer = ask(needed, {"PATH": "", needed.variable: "/nowhere/program"})
    assert answer.returncode == 1
    assert "/nowhere/program does not exist" in answer.stderr


def test_another_program_can_be_named(needed: Needed, tmp_path: Path):
    program = tmp_path / "program"
    program.touch()
    answer = ask(needed, {"PATH": "", needed.variable: str(program)})
    assert answer.stdout == f"{needed.said}: {program}\n"
