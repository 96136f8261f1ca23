"""One line a record: JSON for machines, text for people, and nobody's text between the lines."""

import io
import json
import logging
from datetime import datetime

import pytest

from planner.refusal import Refusal
from wording import log_lines
from wording.log_lines import REQUEST_ID, Allowance

LOG = logging.getLogger("paybatch.test")

pytestmark = pytest.mark.usefixtures("log_as_before")


def written(how: str = "", clean=str) -> io.StringIO:
    stream = io.StringIO()
    log_lines.set_up(environment={"PAYBATCH_LOG": how}, stream=stream, clean=clean)
    return stream


def test_json_is_one_object_a_line_with_a_fixed_event_and_the_fields_beside_it():
    stream = written("json")
    LOG.info("claimed %s", "a probe", extra={"run_id": "r1", "attempt": 2, "secret": "x"})
    LOG.warning("plain")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert datetime.fromisoformat(first.pop("time")).utcoffset().total_seconds() == 0
    assert first == {
        "level": "info",
        "logger": "paybatch.test",
        "event": "claimed %s",
        "message": "claimed a probe",
        "run_id": "r1",
        "attempt": 2,
    }
    assert (second["level"], second["event"]) == ("warning", "plain")


def test_a_traceback_stays_inside_its_json_line():
    stream = written("json")
    try:
        raise KeyError("no\nsuch")
    except KeyError:
        LOG.exception("failed")
    (line,) = stream.getvalue().splitlines()
    assert "KeyError" in json.loads(line)["traceback"]


def test_text_is_read_by_people_and_no_value_begins_a_line_of_its_own():
    stream = written()
    LOG.info("claimed %s", "x\n2026-11-28T00:00:00Z INFO forged", extra={"run_id": "r\x1b[2J"})
    (line,) = stream.getvalue().splitlines()
    assert " INFO paybatch.test: claimed x\\x0a2026" in line
    assert line.endswith("run_id=r\\x1b[2J")


def test_every_line_of_a_request_carries_its_id():
    stream = written("json")
    token = REQUEST_ID.set("abc")
    LOG.info("inside")
    REQUEST_ID.reset(token)
    LOG.info("outside")
    inside, outside = map(json.loads, stream.getvalue().splitlines())
    assert inside["request_id"] == "abc"
    assert "request_id" not in outside


@pytest.mark.parametrize("how", ["json", ""])
def test_whatever_is_written_passes_what_cleans_it(how):
    stream = written(how, clean=lambda line: line.replace("pb_secret", "***"))
    LOG.info("sent pb_secret")
    assert "pb_secret" not in stream.getvalue()
    assert "***" in stream.getvalue()


def test_libraries_write_no_line_for_each_of_ours():
    stream = written()
    logging.getLogger("httpx").info("HTTP Request")
    logging.getLogger("uvicorn.error").info("Started")
    assert stream.getvalue() == ""


def test_some_lines_at_once_then_a_few_a_second_and_the_rest_are_counted():
    now = 0.0
    allowance = Allowance(at_once=3, per_s=1, monotonic_s=lambda: now)
    assert [allowance.take() for _ in range(5)] == [0, 0, 0, None, None]
    now = 1.0
    assert allowance.take() == 2
    assert allowance.take() is None


@pytest.mark.parametrize("how", ["xml", "JSON", "no"])
def test_lines_that_there_are_none_of_are_refused_with_those_that_there_are(how: str):
    with pytest.raises(Refusal) as refused:
        written(how)
    assert (refused.value.field, refused.value.code) == ("PAYBATCH_LOG", "not_one_of")
    assert refused.value.params == {"allowed": "json, text"}
