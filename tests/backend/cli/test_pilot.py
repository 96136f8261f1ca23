import json

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.wire.codec import encode
from tests.support.installation import pilot_data, schedule_data
from tests.support.planted_worker import planted_curve


@pytest.fixture
def run_pilot(tmp_path):
    """Runs a pilot that is refused: what it was told, and what it left behind."""

    def run(data, *options, lang="en"):
        file = tmp_path / "pilot.json"
        file.write_text(json.dumps(data), encoding="utf-8")
        out = tmp_path / "out"
        arguments = ["pilot", "run", str(file), "--out", str(out), "--lang", lang, *options]
        return CliRunner().invoke(main, arguments), out

    return run


ELSEWHERE = {"profile": "this-computer", "device_count": 2}
PRODUCTION = {"training_h": 12, "device_count": 8, "batch_size": 256}

REFUSED = {
    "a value out of range": (
        {"budget": {"epochs": 0}},
        "budget.epochs: The value must be at least 1.",
        "budget.epochs：値は1以上にしてください。",
    ),
    "a misspelt key": (
        {"seedz": {"confirmation": [1]}},
        "seedz: ",
        "seedz：",
    ),
    "an unknown workload": (
        {"workload": "digits-cnn"},
        "workload: ",
        "workload：",
    ),
    "a target that is never evaluated": (
        {"target": {"metric": "perplexity", "value": 2, "direction": "below"}},
        "target.metric: The target's metric perplexity is never evaluated by this workload.",
        "target.metric：",
    ),
    "an unknown price": (
        {"hardware": {"profile": "h100-from-a-friend"}},
        "hardware.profile: The price book has no row h100-from-a-friend.",
        "hardware.profile：",
    ),
    "hardware and production of two sizes": (
        {"hardware": ELSEWHERE, "production": PRODUCTION},
        "hardware.device_count: The hardware has 2 devices and the production training 8.",
        "hardware.device_count：",
    ),
    "a price without an exchange rate": (
        {
            "hardware": {"profile": "h100-sxm-runpod-secure"},
            "assumptions": {"currency": "JPY"},
        },
        "assumptions.exchange_rates: No exchange rate from USD to JPY is known.",
        "assumptions.exchange_rates：",
    ),
}


@pytest.mark.parametrize(("changes", "english", "japanese"), REFUSED.values(), ids=REFUSED)
def test_a_bad_pilot_is_refused_at_its_field_in_both_languages_before_anything_is_written(
    run_pilot, changes, english, japanese
):
    for lang, sentence in (("en", english), ("ja", japanese)):
        answer, out = run_pilot(pilot_data(**changes), lang=lang)
        assert answer.exit_code == 2
        (line,) = answer.stderr.splitlines()
        assert line.startswith(sentence)
        assert answer.stdout == ""
        assert not out.exists()


def test_every_bad_field_of_a_file_is_told_at_once(run_pilot):
    schedules = [
        schedule_data("today", role="baseline", batch_size={"initial": 0}),
        schedule_data("large", learning_rate={"initial": -1}),
    ]
    answer, _ = run_pilot(pilot_data(schedules=schedules))
    fields = [line.partition(": ")[0] for line in answer.stderr.splitlines()]
    assert fields == [
        "schedules[0].batch_size.initial",
        "schedules[1].learning_rate.initial",
    ]


def test_a_schedule_that_never_ends_is_refused_by_its_place_in_the_file(run_pilot):
    endless = schedule_data("endless", batch_size={"initial": 1})
    today = schedule_data("today", role="baseline")
    answer, out = run_pilot(pilot_data(schedules=[today, endless], budget={"epochs": 10_000}))
    assert (answer.exit_code, out.exists()) == (2, False)
    assert answer.stderr.startswith("schedules[1].batch_size: ")


def test_a_curve_of_another_workload_is_refused_before_anything_is_written(run_pilot, tmp_path):
    curve = tmp_path / "throughput.json"
    curve.write_text(json.dumps(encode(planted_curve(workload="another"))), encoding="utf-8")
    answer, out = run_pilot(pilot_data(), "--throughput", str(curve))
    assert (answer.exit_code, out.exists()) == (2, False)
    assert answer.stderr.startswith("throughput.workload: This throughput curve belongs to")


def test_results_are_not_replaced_without_being_asked_to(run_pilot, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "review.json").write_text("{}", encoding="utf-8")
    for lang, sentence in (
        ("en", "There are results already. Choose another folder with --out, or add --overwrite."),
        ("ja", "すでに結果があります。"),
    ):
        answer, _ = run_pilot(pilot_data(), lang=lang)
        assert answer.exit_code == 2
        assert sentence in answer.stderr
        assert answer.stderr.startswith(str(out / "review.json"))
    assert [path.name for path in out.iterdir()] == ["review.json"]
    assert (out / "review.json").read_text(encoding="utf-8") == "{}"


def test_asked_to_replace_results_the_file_is_still_read_first(run_pilot, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "review.json").write_text("{}", encoding="utf-8")
    answer, _ = run_pilot(pilot_data(budget={"epochs": 0}), "--overwrite")
    assert answer.stderr.startswith("budget.epochs: ")
    assert (out / "review.json").read_text(encoding="utf-8") == "{}"


def test_a_missing_file_is_told_by_its_path(tmp_path):
    missing, out = tmp_path / "none.yaml", tmp_path / "out"
    arguments = ["pilot", "run", str(missing), "--out", str(out), "--lang", "en"]
    answer = CliRunner().invoke(main, arguments)
    assert answer.exit_code == 2
    assert answer.stderr.startswith(f"{missing}: There is no such file.")
    assert not out.exists()


def test_results_below_a_file_are_refused_before_anything_is_started(run_pilot, tmp_path):
    (tmp_path / "out").write_text("a file")
    below = tmp_path / "out" / "sub"
    answer, out = run_pilot(pilot_data(), "--out", str(below))
    assert answer.exit_code != 0
    assert f"{below}: Nothing can be written there." in answer.stderr
    assert out.read_text() == "a file"
