"""A line-up in words: differences, what is equal, and why something is not drawn."""

from dataclasses import replace

from planner.line_ups.settings import Setting
from tests.planner.line_ups.test_line_up import ONE, given, taking_part, together
from wording.line_up import (
    chart_notes,
    chart_subtitle,
    chart_title,
    equal_sentence,
    setting_name,
    setting_text,
)


def setting(key, *values):
    return Setting(key=key, values=values)


def test_what_is_equal_everywhere_is_one_sentence():
    equal = [setting("workload", "digits-mlp", "digits-mlp"), setting("epochs", 20.0, 20.0)]
    more = [*equal, setting("looks", 2.0, 2.0), setting("batch_initial", 8.0, 16.0)]
    assert equal_sentence(equal, "en") == ("Equal everywhere: workload digits-mlp, epochs 20.")
    assert equal_sentence(more, "en") == (
        "Equal everywhere: workload digits-mlp, epochs 20, and 1 more settings."
    )
    assert equal_sentence([setting("looks", 1.0, 2.0)], "en") == ""


def test_values_of_settings_are_read_as_people_say_them():
    said = {
        ("target_metric", "validation_loss"): "validation loss",
        ("momentum_form", "heavy_ball"): "heavy ball (PyTorch)",
        ("rate_decay", "cosine"): "cosine, by epoch",
        ("momentum_keeps_rate", "yes"): "yes",
        ("assumption_device_use", "reserved"): "reserved",
        ("assumption_realisation_fraction", 0.3): "30.0%",
        ("rate_initial", 0.01): "0.01",
        ("batch_growth", None): "–",
        ("workload", "yes"): "yes",
        ("measured_on", "reserved"): "reserved",
    }
    for (key, value), text in said.items():
        assert setting_text(setting(key, value), value, "en") == text
    assert setting_name(setting("assumption_horizon_months"), "en") == (
        "assumption: months that count"
    )


def test_a_chart_says_what_it_shows():
    found = together(ONE)
    chart = found.charts[0]
    assert chart_title(chart, "en") == "Validation loss · digits-mlp"
    assert chart_subtitle(chart, found.shown, "en") == (
        "Validation loss · target 0.500 · mean over the seeds · band: best and worst seed"
    )
    batch = together(ONE, shown="batch_size")
    assert chart_subtitle(batch.charts[0], batch.shown, "en") == "Batch size as planned, samples"
    assert chart_notes(found, 0, "en") == []


def test_why_a_line_is_not_drawn_is_said():
    (note,) = chart_notes(together(ONE, along="energy"), 0, "en")
    assert note.startswith("Not drawn, as no meter read their power")
    assert note.endswith(": today, large.")
    price, missing = chart_notes(together(ONE, along="money", currency="JPY"), 0, "en")
    assert price == "Every pilot at its own price, in yen."
    assert "no exchange rate" in missing


def test_seconds_of_different_devices_are_said_not_to_compare():
    own = given()
    other = replace(own.throughput, device="other device")
    elsewhere = replace(own, throughput=other)
    found = together(ONE, taking_part(elsewhere, 1), along="second")
    (note,) = chart_notes(found, 0, "en")
    assert "other device" in note
    assert "do not compare" in note
