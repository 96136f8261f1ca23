"""What the address of a page says, and what the API said that somebody may not do."""

import ast
import re
from pathlib import Path

import httpx
import pytest

import frontend
from backend.access.security import POLICY
from frontend.calls.api import Api
from frontend.session import Session, asked_in_vain
from planner.exchange.page_states import Me

ROUTE = re.compile(r"(GET|POST|PUT|DELETE) /")

PATHS = ("pilots", "plan", "worked-case")


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("http://localhost:8501/", None),
        ("http://localhost:8501/?lang=ja", None),
        ("http://localhost:8501/plan?step=2", None),
        ("http://localhost:8501/plans", "plans"),
        ("http://localhost:8501/%E8%A8%88%E7%94%BB/", "計画"),
        ("http://localhost:8501/worked-case/8", "8"),
        (None, None),
    ],
)
def test_an_address_without_a_page_is_told_from_the_start(address, asked):
    assert asked_in_vain(address, PATHS) == asked


def test_every_route_that_a_page_asks_about_is_one_of_the_policy():
    files = Path(frontend.__file__).parent.rglob("*.py")
    found = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if ROUTE.match(node.value)
    }
    assert len(found) > 20
    assert found <= set(POLICY)


def test_what_the_api_says_that_nobody_may_do_is_offered_disabled_with_the_reason():
    me = Me(name="ann", scope="viewer", needs={"POST /api/pilots": "planner"})
    with httpx.Client() as http:
        session = Session(api=Api(http, "secret"), me=me, language="en", dark=False)
    assert session.offer("POST /api/pilots") == {
        "disabled": True,
        "help": "Your role may look at everything. This needs the role: Planner.",
    }
    assert session.offer("GET /api/pilots", hint="All") == {"disabled": False, "help": "All"}
    assert session.offer("GET /api/pilots", disabled=True) == {"disabled": True, "help": None}
