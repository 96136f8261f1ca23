"""Nobody reads a secret in a log."""

import importlib
import io
import json
import logging
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass

import pytest

import backend
import planner
import worker
from backend.access.security import Credentials
from backend.settings import Settings
from wording import log_lines
from wording.redaction import HIDDEN, redacted, redaction_of

TOKEN = "pb_" + "aB3-_" * 8 + "xyz"
OWN = "a secret of the owner's own making"

SECRETS = re.compile(r"(^|_)(token|secret|password)$")
"""Names of fields that hold one; numbers of that name count claims."""


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (f"GET /sign-in?code={TOKEN}&x=1", f"GET /sign-in?code={HIDDEN}&x=1"),
        (f"Authorization: Bearer {TOKEN}", f"Authorization: Bearer {HIDDEN}"),
        ("authorization: Basic dXNlcjpwYXNzd29yZA==", f"authorization: Basic {HIDDEN}"),
        (f"Cookie: paybatch_session={TOKEN}; lang=en", f"{HIDDEN}; lang=en"),
        ("postgresql://pay:s3cr%40t@db/paybatch", f"postgresql://pay:{HIDDEN}@db/paybatch"),
        (
            "client_secret=abc&code=4/0AbCdEfGhIj&state=xyzxyzxyzxyz",
            f"client_secret={HIDDEN}&code={HIDDEN}",
        ),
        (f"{{'token': '{TOKEN}'}}", f"'{HIDDEN}'"),
        ("pbwh_" + "x" * 43, HIDDEN),
        ("{'id_token': 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln'}", f"'{HIDDEN}'"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out_of_a_line(line: str, left: str):
    assert left in redacted(line)
    for secret in (TOKEN, "dXNlcjpwYXNzd29yZA", "s3cr%40t", "4/0Ab", "xyz", "x" * 43, "eyJzdWI"):
        assert secret not in redacted(line)


@pytest.mark.parametrize(
    "line",
    [
        "run 3f2a is at step 12 of http://127.0.0.1:8200/api/runs",
        "code=409 state=queued",
        "a bearer of news, a basic question",
    ],
)
def test_what_is_no_secret_stays(line: str):
    assert redacted(line) == line


def line_of(form: str, secret: str | None, event: str) -> str:
    """What is written of an event where an owner has this secret."""
    lines = log_lines.JsonLines if form == "json" else log_lines.TextLines
    record = logging.LogRecord("a test", logging.INFO, "here", 1, event, (), None)
    return lines(redaction_of([secret])).format(record)


@pytest.mark.usefixtures("log_as_before")
@pytest.mark.parametrize("form", ["text", "json"])
def test_an_owner_s_own_secret_is_taken_out_of_lines_and_tracebacks(form: str):
    written = io.StringIO()
    log_lines.set_up(
        environment={log_lines.VARIABLE: form}, stream=written, clean=redaction_of([OWN])
    )
    log = logging.getLogger("a test")
    log.info("it is %s", OWN, extra={"principal": TOKEN})
    try:
        raise ValueError(f"{OWN} and {TOKEN}")
    except ValueError:
        log.exception("failed")
    assert "ValueError" in written.getvalue()
    assert OWN not in written.getvalue()
    assert TOKEN not in written.getvalue()


@pytest.mark.parametrize("secret", ['quo"ted secret', "back\\slashed secret", "秘密の合言葉です"])
def test_a_secret_of_any_letters_is_taken_out_of_a_line_for_machines(secret: str):
    shown = json.loads(line_of("json", secret, f"it is {secret}, and more"))
    assert shown["event"] == f"it is {HIDDEN}, and more"


def test_what_is_taken_out_leaves_a_line_for_machines_whole():
    shown = json.loads(line_of("json", None, 'asked "http://x/?token=abc" and "password=abc"'))
    assert shown["event"] == f'asked "http://x/?token={HIDDEN}" and "password={HIDDEN}"'


def test_settings_and_credentials_do_not_show_their_secrets():
    settings = Settings(
        database_url="postgresql://pay:sesame1@db/paybatch",
        admin_token=OWN,
        registration_token=OWN * 2,
    )
    shown = repr(settings) + repr(Credentials(admin_token=TOKEN, registration_token=TOKEN))
    assert not [one for one in ("sesame1", OWN, TOKEN) if one in shown]
    assert {"sesame1", OWN, OWN * 2} < set(settings.secrets)


def kinds() -> Iterator[type]:
    for package in (planner, backend, worker):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" in found.name or found.name.endswith("__main__"):
                continue
            for kind in vars(importlib.import_module(found.name)).values():
                if isinstance(kind, type) and is_dataclass(kind):
                    yield kind


def test_no_value_shows_a_field_that_holds_a_secret():
    shown = {
        f"{kind.__qualname__}.{one.name}"
        for kind in kinds()
        for one in fields(kind)
        if SECRETS.search(one.name) and one.repr and not is_a_number(one)
    }
    assert shown == set()


def is_a_number(one: Field[object]) -> bool:
    """Such as the token that fences a claim; bare, or with what is refused in its place."""
    return getattr(one.type, "__origin__", one.type) in (int, "int", "int | None")
