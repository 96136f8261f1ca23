"""The published settings, computed again here by plain loops over epochs and steps."""

import csv
import math
from pathlib import Path

import pytest

from backend.published.published_settings import published_settings
from planner.schedules.schedule import plan_steps
from planner.schedules.theory import theory_terms

DATA = Path(__file__).parents[3] / "backend" / "data" / "published_settings.csv"
ROWS = list(csv.DictReader(DATA.read_text(encoding="utf-8").splitlines()))
SETTINGS = {setting.id: setting for setting in published_settings()}


def batch_of(row: dict[str, str], epoch: int) -> int:
    """``b0 delta^k``, or ``A delta^k + B`` where the publication names the last batch."""
    initial = int(row["init_bs"])
    if row["bs_method"] == "constant":
        return initial
    every, epochs = int(row["incr_interval"]), int(row["epochs"])
    growth, last = float(row["bs_growth_rate"]), math.ceil(epochs / every) - 1
    k = epoch // every
    if not row["bs_max"]:
        return min(math.ceil(initial * growth**k), int(row["samples"]))
    end = int(row["bs_max"])
    slope = (end - initial) / (growth**last - 1)
    return min(math.ceil(round(slope * growth**k + initial - slope, 9)), end)


def stairs(row: dict[str, str], *, epoch: int, epochs: int, every: int) -> float:
    """``min(a gamma^floor(e/I), a_max)`` over ``epochs`` epochs."""
    a, top = float(row["init_lr"]), float(row["lr_max"])
    gamma = (top / a) ** (1 / (math.ceil(epochs / every) - 1))
    return min(a * gamma ** (epoch // every), top)


def decayed(method: str, a: float, *, epoch: int, epochs: int, done: float, power: float) -> float:
    """Rate of a step that has ``done`` of the run's steps behind it."""
    if method == "cosine":
        return a * (1 + math.cos(math.pi * epoch / epochs)) / 2
    return {"constant": a, "linear": a * (1 - done), "poly": a * (1 - done) ** power}[method]


def rate_of(row: dict[str, str], *, epoch: int, step: int, steps: int) -> float:
    """Rate of one step of ``steps``, from the publication's own words."""
    a, method, epochs = float(row["init_lr"]), row["lr_method"], int(row["epochs"])
    if method == "diminishing":
        return a / math.sqrt(step + 1)
    if method == "exp_growth":
        return stairs(row, epoch=epoch, epochs=epochs, every=int(row["incr_interval"]))
    warm = int(row["warmup_epochs"] or 0)
    if epoch < warm:
        return stairs(row, epoch=epoch, epochs=warm, every=int(row["warmup_interval"]))
    return decayed(
        {"warmup_const": "constant", "warmup_cosine": "cosine"}.get(method, method),
        float(row["lr_max"]) if warm else a,
        epoch=epoch - warm,
        epochs=epochs - warm,
        done=step / steps,
        power=float(row["power"] or 1),
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_epoch_of_a_published_setting_is_what_its_publication_says(row):
    setting = SETTINGS[row["id"]]
    table = plan_steps(
        setting.schedule,
        training_samples=setting.training_samples,
        epochs=setting.epochs,
        form=setting.momentum_form,
    )
    epochs = range(int(row["epochs"]))
    batches = [batch_of(row, epoch) for epoch in epochs]
    lengths = [math.ceil(int(row["samples"]) / batch) for batch in batches]
    first = [sum(lengths[:epoch]) for epoch in epochs]
    rates = [rate_of(row, epoch=epoch, step=first[epoch], steps=sum(lengths)) for epoch in epochs]
    assert table.steps == sum(lengths)
    assert table.batch_size[first].tolist() == batches
    assert table.learning_rate[first].tolist() == pytest.approx(rates, rel=1e-12)
    assert set(table.momentum.tolist()) == {float(row["init_beta"] or 0)}


@pytest.mark.parametrize(
    ("setting", "steps", "summed"),
    [
        ("json_nshb/const_bs_decay_lr/constant", 117_300, 11_730),
        ("json_nshb/const_bs_decay_lr/cosine", 117_300, 5_884.55),
        ("json_nshb/const_bs_decay_lr/linear", 117_300, 5_865.05),
        ("json_nshb/const_bs_decay_lr/poly_2.0", 117_300, 3_910.05),
        ("json_nshb/const_bs_decay_lr/diminishing", 117_300, 68.3522857),
        ("json_nshb/incr_bs_decay_lr/constant", 374_760, 37_476),
        ("json_nshb/incr_bs_decay_lr/cosine", 374_760, 34_213.5144),
        ("json_nshb/incr_bs_decay_lr/linear", 374_760, 18_738.05),
        ("json_nshb/incr_bs_decay_lr/poly_2.0", 374_760, 12_492.05),
        ("json_nshb/incr_bs_decay_lr/diminishing", 374_760, 122.289335),
        ("json_nshb/incr_bs_incr_lr/doubly_incr_lr_max0.2", 374_760, 40_697.2069),
        ("json_nshb/incr_bs_incr_lr/doubly_incr_lr_max0.5", 374_760, 46_396.0792),
        ("json_nshb/incr_bs_incr_lr/doubly_incr_lr_max1.0", 374_760, 52_327.9767),
        ("json_nshb/incr_bs_warmup_lr/warmup_const_max0.2", 374_760, 64_622.0114),
        ("json_nshb/incr_bs_warmup_lr/warmup_const_max0.5", 374_760, 141_306.815),
        ("json_nshb/incr_bs_warmup_lr/warmup_const_max1.0", 374_760, 263_890.361),
        ("json_nshb/incr_bs_warmup_lr/warmup_cosine_max0.2", 374_760, 60_770.1106),
        ("json_nshb/incr_bs_warmup_lr/warmup_cosine_max0.5", 374_760, 131_677.063),
        ("json_nshb/incr_bs_warmup_lr/warmup_cosine_max1.0", 374_760, 244_630.857),
        ("nshb_tiny_imagenet/incr_bs_incr_lr/doubly_incr_lr_max1.0", 1_190_190, 203_506.239),
    ],
)
def test_the_totals_are_those_computed_elsewhere(setting, steps, summed):
    found = SETTINGS[setting]
    table = plan_steps(found.schedule, training_samples=found.training_samples, epochs=found.epochs)
    assert table.steps == steps
    assert float(table.learning_rate.sum()) == pytest.approx(summed, rel=1e-8)


@pytest.mark.parametrize(
    ("setting", "bias", "variance"),
    [
        ("json_nshb/const_bs_decay_lr/constant", 8.52514919e-5, 7.8125e-4),
        ("json_nshb/incr_bs_decay_lr/constant", 2.66837443e-5, 8.33893653e-3),
        ("json_nshb/incr_bs_incr_lr/doubly_incr_lr_max1.0", 1.91102363e-5, 7.68293585e-3),
        ("json_nshb/incr_bs_warmup_lr/warmup_const_max1.0", 3.78945254e-6, 5.16511761e-2),
    ],
)
def test_the_two_terms_of_the_bound_are_those_computed_elsewhere(setting, bias, variance):
    found = SETTINGS[setting]
    table = plan_steps(found.schedule, training_samples=found.training_samples, epochs=found.epochs)
    terms = theory_terms(table, form=found.momentum_form)
    assert terms.bias == pytest.approx(bias, rel=1e-8)
    assert terms.variance == pytest.approx(variance, rel=1e-8)


def test_the_publication_has_fifty_nine_settings_of_two_momentum_forms_and_plain_sgd():
    assert len(SETTINGS) == len(ROWS) == 59
    without = [setting.id for setting in SETTINGS.values() if setting.schedule.momentum.value == 0]
    assert without == ["json_other/sgd"]
