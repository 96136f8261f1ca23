"""docs/security.md is true as far as a file can be: each of its claims names tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in DOCUMENT.splitlines()
    if line.startswith("| ") and not line.startswith(("| ---", "| asset", "| #"))
]

ASSETS = (
    *("every route", "roles", "local server", "tokens and sessions", "sign-in for teams", "files"),
    *("checkpoints", "uploads", "plug-ins", "spreadsheets and HTML", "audit", "dependencies"),
)
"""What the design has a rule for."""


@cache
def names_in(path: str) -> frozenset[str]:
    """Names of the tests of a file, which is read and not run."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}")
def test_each_claim_names_tests_and_each_of_them_exists(row: list[str]):
    named = NAMED.findall(row[2])
    assert named
    assert NAMED.sub("", row[2]).strip() == ""
    for path, name in named:
        assert name.startswith("test_")
        assert name in names_in(path), f"{path} has no {name}"


def test_every_promise_and_every_asset_has_a_row():
    told = {row[0] for row in ROWS}
    assert {f"P{number}" for number in range(1, 21)} <= told
    assert set(ASSETS) <= told


def test_the_document_says_how_to_report_a_problem():
    assert "## How to report a problem" in DOCUMENT
