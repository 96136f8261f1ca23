"""Flags of Megatron-LM: out of a schedule, and back into one."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.exports.laid_out import LaidOut, lay_out
from planner.exports.megatron import megatron_flags, megatron_source
from planner.exports.megatron_import import read_megatron
from planner.exports.megatron_run import megatron_run, megatron_steps
from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import Cooldown, LearningRate, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.schedule import Schedule, plan_steps

CONSTANT = LearningRate(initial=0.1)
WARM = RateWarmUp(maximum=0.4, epochs=2, shape="linear")


def a_layout(rate=CONSTANT, batch=8, momentum=Momentum(), form="heavy_ball", epochs=6) -> LaidOut:
    sizes = batch if isinstance(batch, BatchSize) else BatchSize(initial=batch)
    schedule = Schedule(name="s", learning_rate=rate, batch_size=sizes, momentum=momentum)
    return lay_out(schedule, training_samples=96, epochs=epochs, form=form, rate_multiplier=0.5)


def refused(code: str, layout: LaidOut, **others: int) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        megatron_flags(layout, **others)
    assert refusal.value.code == code
    return refusal.value


def test_rates_by_megatrons_own_arithmetic():
    line = """--train-samples 1000 --global-batch-size 100 --optimizer sgd --lr 0.4 --min-lr 0.1
        --lr-decay-style linear --lr-warmup-samples 200 --lr-warmup-init 0.2 --sgd-momentum 0.8"""
    run = megatron_run(line.split())
    steps = list(megatron_steps(run))
    assert [seen for seen, _, _ in steps] == list(range(0, 1000, 100))
    # Two steps from 0.2 to 0.4, then 0.3 less over 800 samples.
    rates = [0.2, 0.3, 0.4, *(0.4 - 0.3 * done / 8 for done in range(1, 8))]
    assert [rate for _, _, rate in steps] == pytest.approx(rates)
    assert run.momentum == 0.8


def test_a_ramp_of_batches_by_megatrons_own_arithmetic():
    line = "--train-samples 300 --rampup-batch-size 10 10 60 --global-batch-size 40 --optimizer sgd"
    steps = megatron_steps(megatron_run([*line.split(), "--lr=1"]))
    # 10 up to 20 samples, 20 up to 40, 30 up to 60, then 40: the last 30 samples are dropped.
    batches = [size for _, size, _ in steps]
    assert batches == [10, 10, 20, 30, *[40] * 5]


def test_batches_that_rise_by_equal_steps_become_a_ramp_and_others_thresholds_in_tokens():
    rising = BatchSize(initial=8, increase=8, every_epochs=2, maximum=24)
    flags = megatron_flags(a_layout(batch=rising))
    ramp = flags.index("--rampup-batch-size")
    # Two epochs of 96 samples each at 8 and at 16.
    assert flags[ramp + 1 : ramp + 6] == ["8", "8", "384", "--global-batch-size", "24"]
    doubling = a_layout(batch=BatchSize(initial=8, growth=2, every_epochs=2))
    refused("megatron_sequence_length", doubling)
    assert "0:8,192000:16,384000:32" in megatron_flags(doubling, 1000)


@pytest.mark.parametrize(
    ("code", "layout"),
    [
        ("megatron_heavy_ball_only", a_layout(form="nesterov")),
        ("megatron_momentum_constant", a_layout(momentum=Momentum(shape="linear", final=0.8))),
        ("megatron_short_step", a_layout(batch=10)),
        ("megatron_rate_shape", a_layout(LearningRate(initial=0.1, decay="cosine"))),
        (
            "megatron_differs",
            a_layout(
                LearningRate(initial=0.1, decay="linear"),
                BatchSize(initial=8, increase=8, every_epochs=2, maximum=24),
            ),
        ),
    ],
)
def test_what_megatron_cannot_do_is_refused_and_not_approximated(code, layout):
    refused(code, layout)


RATES = st.one_of(
    st.builds(
        LearningRate,
        initial=st.floats(1e-4, 0.4),
        decay=st.sampled_from(["constant", "linear", "cosine_by_step"]),
        warm_up=st.none() | st.just(WARM),
    ),
    st.builds(
        LearningRate,
        initial=st.floats(1e-4, 0.4),
        decay=st.just("wsd"),
        minimum=st.just(1e-5),
        warm_up=st.none() | st.just(WARM),
        cooldown=st.builds(
            Cooldown,
            steps_fraction=st.floats(0.1, 1),
            shape=st.sampled_from(["linear", "square_root", "cosine"]),
        ),
    ),
)


def read_back(layout: LaidOut) -> None:
    flags = megatron_flags(layout, 2048)
    line = " ".join(f"'{word}'" for word in flags)
    found = read_megatron(f"pretrain_gpt.py --micro-batch-size 4 {line}", name="s")
    again = plan_steps(found.schedule, training_samples=found.training_samples, epochs=found.epochs)
    table = layout.table
    assert again.items.tolist() == table.items.tolist()
    assert again.learning_rate.tolist() == pytest.approx(table.learning_rate.tolist(), rel=1e-9)
    assert again.momentum.tolist() == table.momentum.tolist()


def test_a_cooldown_that_rounds_to_no_step_is_a_constant_rate():
    """Six steps of 96, of which two warm up: an eighth of the other four is none."""
    rate = LearningRate(
        initial=0.1, decay="wsd", warm_up=WARM, cooldown=Cooldown(steps_fraction=0.125)
    )
    layout = a_layout(rate, BatchSize(initial=96))
    flags = megatron_flags(layout)
    assert flags[flags.index("--lr-decay-style") + 1] == "constant"
    read_back(layout)


@settings(max_examples=60, deadline=None)
@given(RATES, st.sampled_from([1, 4, 8, 32, 96]), st.floats(0, 0.99))
def test_flags_read_back_are_the_same_steps(rate, batch, beta):
    read_back(a_layout(rate, batch, Momentum(value=beta)))


@pytest.mark.parametrize(
    "sizes",
    [
        BatchSize(initial=8, growth=2, every_epochs=2),
        BatchSize(initial=8, increase=8, every_epochs=2, maximum=24),
        BatchSize(thresholds="0:32 1ep:8 3ep:96"),
    ],
)
def test_growing_batches_read_back_are_the_same_steps(sizes):
    read_back(a_layout(CONSTANT, sizes))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("--optimizer adam --lr 1", "megatron_flag_sgd"),
        ("--optimizer sgd --lr 1 --train-samples 10", "megatron_flag_number"),
        ("--optimizer sgd --global-batch-size 2 --train-samples 10", "megatron_flag_number"),
        ("--optimizer sgd --lr fast --global-batch-size 2 --train-iters 9", "megatron_flag_number"),
        ("--optimizer sgd --lr 1 --global-batch-size 9 --train-samples 8", "megatron_no_step"),
        ("--optimizer sgd --lr-decay-style inverse-square-root", "megatron_flag_decay"),
        (
            "--optimizer sgd --lr 1 --global-batch-size 40 --rampup-batch-size 10 20 60",
            "megatron_flag_ramp",
        ),
        (
            "--optimizer sgd --lr 1 --global-batch-size 100000000001 --train-samples 900 "
            "--rampup-batch-size 1 1 800",
            "megatron_flag_number",
        ),
        (
            "--optimizer sgd --lr 1 --train-samples 99 --seq-length 1 "
            "--step-batch-size-schedule '5:8'",
            "megatron_flag_steps",
        ),
        (
            "--optimizer sgd --lr 1 --train-samples 8 --global-batch-size 8 --lr-warmup-samples 9 "
            "--lr-decay-style WSD --lr-decay-samples 90 --lr-wsd-decay-style linear "
            "--lr-wsd-decay-samples 8",
            "megatron_flag_warm_up",
        ),
        ("--optimizer 'sgd", "megatron_not_readable"),
        ("--optimizer sgd --lr 1 --global-batch-size 1 --train-iters 2000000", "too_many_steps"),
        (
            "--optimizer sgd --lr 1 --train-samples 9600 --global-batch-size 64 "
            "--rampup-batch-size 32 32 960 --lr-decay-style cosine",
            "megatron_differs",
        ),
    ],
)
def test_a_line_that_no_schedule_says_is_refused(line, code):
    with pytest.raises(Refusal) as refusal:
        read_megatron(line, name="s")
    assert (refusal.value.field, refusal.value.code) == ("text", code)


def test_the_file_checks_itself_with_python_alone_and_notices_what_was_changed(tmp_path):
    layout = a_layout(LearningRate(initial=0.1, decay="linear", warm_up=WARM))
    file = tmp_path / "flags.py"

    def run(text: str) -> subprocess.CompletedProcess[str]:
        file.write_text(text, encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-I", file], cwd=tmp_path, capture_output=True, text=True
        )

    source = megatron_source(layout)
    done = run(source)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == megatron_flags(layout)
    assert (
        "not the one that was written" in run(source.replace("    [1, 0, ", "    [1, 5, ")).stderr
    )
    other = source.replace("'--global-batch-size',\n    '8',", "'--global-batch-size',\n    '16',")
    assert other != source
    assert "AssertionError" in run(other).stderr
