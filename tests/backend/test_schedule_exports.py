"""A schedule taken home over HTTP."""

import json
from typing import Any

import pytest
import yaml

from backend.documents.schedule_file import ScheduleFile
from backend.wire.codec import decode
from tests.support.installation import Api, problem, schedule_data

GROWING = schedule_data("growing", batch_size={"initial": 8, "growth": 2, "every_epochs": 2})


def asked(**changes: object) -> dict[str, Any]:
    return {"schedule": GROWING, "to": "pytorch", "epochs": 4, "training_samples": 100, **changes}


@pytest.mark.parametrize("to", ["pytorch", "lightning", "hugging_face"])
def test_code_comes_as_a_file_with_a_name_that_python_imports(api: Api, to: str) -> None:
    answer = api.post("/api/schedules:export", asked(to=to)).raise_for_status()
    assert answer.headers["Content-Type"] == "text/x-python; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="growing_{to}.py"'
    # 13 + 13 steps of 8 and 7 + 7 of 16.
    assert "\nSTEPS = 40\n" in answer.text
    compile(answer.text, "growing.py", "exec")


@pytest.mark.parametrize(("to", "load"), [("yaml", yaml.safe_load), ("json", json.loads)])
def test_a_file_to_read_back_holds_the_schedule_and_its_data(api: Api, to: str, load: Any) -> None:
    answer = api.post("/api/schedules:export", asked(to=to, rate_multiplier=2)).raise_for_status()
    assert answer.headers["Content-Type"].startswith(f"application/{to}")
    found = decode(ScheduleFile, load(answer.text))
    assert (found.training_samples, found.budget.epochs, found.rate_multiplier) == (100, 4, 2)
    assert found.schedules[0].batch_size.growth == 2


def test_a_known_workload_brings_its_samples(api: Api) -> None:
    body = asked(training_samples=None, workload="digits-mlp")
    assert "\nTRAINING_SAMPLES = 1078\n" in api.post("/api/schedules:export", body).text


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"training_samples": None}, "training_samples", "missing"),
        ({"training_samples": None, "workload": "nothing"}, "workload", "workload_unknown"),
        ({"training_samples": 0}, "training_samples", None),
        ({"epochs": 0}, "epochs", None),
        ({"to": "excel"}, "to", "not_one_of"),
        ({"rate_multiplier": 0}, "rate_multiplier", "not_positive"),
        ({"rate_multiplier": -1, "to": "yaml"}, "rate_multiplier", "not_positive"),
        ({"schedule": {**GROWING, "batch_size": {"initial": 0}}}, "schedule.batch_size", None),
    ],
)
def test_what_cannot_be_taken_home_is_refused_at_its_field(
    api: Api, changes: dict[str, Any], field: str, code: str | None
) -> None:
    status, told, at = problem(api.post("/api/schedules:export", asked(**changes)))
    assert status == 422
    assert str(at).startswith(field)
    assert code is None or told == code


def test_a_name_without_latin_letters_still_gives_a_file(api: Api) -> None:
    body = asked(schedule={**GROWING, "name": "今日"})
    answer = api.post("/api/schedules:export", body)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="schedule_pytorch.py"'
    assert "今日" in answer.text


MEGATRON = "--optimizer sgd --lr 0.1 --lr-decay-style constant --train-samples 144 "


def test_megatrons_flags_are_read_as_a_schedule(api: Api) -> None:
    line = MEGATRON + "--rampup-batch-size 8 8 96 --global-batch-size 24"
    body = {"text": line, "form": "megatron", "name": "today", "training_samples": 48}
    answer = api.post("/api/schedules:import", body).raise_for_status()
    found = decode(ScheduleFile, answer.json())
    assert (found.training_samples, found.budget.epochs) == (48, 3)
    assert found.schedules[0].batch_size.thresholds == "0:8 48sp:16 96sp:24"


def test_what_was_taken_home_is_read_back(api: Api) -> None:
    for form in ("yaml", "json"):
        text = api.post("/api/schedules:export", asked(to=form)).text
        found = api.post("/api/schedules:import", {"text": text, "form": form}).json()
        assert found == yaml.safe_load(text)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"text": "--lr 1", "form": "megatron"}, "text", "megatron_flag_sgd"),
        ({"text": "{", "form": "json"}, "text", "not_json"),
        ({"text": "[" * 100_000, "form": "json"}, "text", "not_json"),
        ({"text": "a: [", "form": "yaml"}, "text", "file_not_yaml"),
        ({"text": "[" * 2_000, "form": "yaml"}, "text", "file_not_yaml"),
        ({"text": "schedules: [&one {name: a}, *one]", "form": "yaml"}, "text", "file_not_yaml"),
        ({"text": "schedules: []\nschedules: []", "form": "yaml"}, "text", "file_not_yaml"),
        ({"text": "a: 1", "form": "yaml"}, "schedules", "missing"),
        ({"text": " " * (2**18 + 1), "form": "yaml"}, "text", "too_long"),
        ({"text": " " * (2**20 + 1), "form": "json"}, "text", "too_long"),
        ({"text": MEGATRON, "form": "word"}, "form", "not_one_of"),
        ({"text": MEGATRON, "form": "megatron", "name": ""}, "name", None),
        ({"text": MEGATRON, "form": "megatron", "training_samples": 0}, "training_samples", None),
    ],
)
def test_a_text_that_holds_no_schedule_is_refused_at_its_field(
    api: Api, body: dict[str, Any], field: str, code: str | None
) -> None:
    status, told, at = problem(api.post("/api/schedules:import", body))
    assert (status, code is None or told) == (422, code is None or code)
    assert at in (field, None if code == "missing" else field)
