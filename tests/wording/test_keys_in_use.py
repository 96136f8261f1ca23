"""Every message that a program asks for exists, with the values that it is given."""

import ast
from pathlib import Path

from wording.catalogue import knows, messages, placeholders

ROOT = Path(__file__).parents[2]
ENGLISH = messages("en")


def calls_of_say():
    for room in ("backend", "worker", "frontend", "wording"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


CALLS = list(calls_of_say())


def test_the_programs_speak():
    assert len(CALLS) > 30


def test_a_message_that_is_asked_for_exists():
    asked = {
        where: call.args[0].value for where, call in CALLS if isinstance(call.args[0], ast.Constant)
    }
    assert {where: key for where, key in asked.items() if not knows(key)} == {}


def test_a_key_that_is_put_together_begins_like_one():
    starts = {
        where: call.args[0].values[0].value
        for where, call in CALLS
        if isinstance(call.args[0], ast.JoinedStr)
        and isinstance(call.args[0].values[0], ast.Constant)
    }
    unknown = {
        where: start
        for where, start in starts.items()
        if not any(key.startswith(start) for key in ENGLISH)
    }
    assert unknown == {}


def test_a_message_is_given_every_value_that_it_shows():
    lacking = {}
    for where, call in CALLS:
        key = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
        given = {keyword.arg for keyword in call.keywords}
        if key in ENGLISH and None not in given:
            lacking[where] = sorted(placeholders(ENGLISH[key]) - given)
    assert {where: names for where, names in lacking.items() if names} == {}
