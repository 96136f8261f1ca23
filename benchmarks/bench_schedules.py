"""What a schedule costs in CPU: 375,000 steps of the paper's longest CIFAR run, as arrays.

CPU milliseconds of the process, median of the repeats, for every family of learning rate with a
batch that doubles from 8; then with a batch rule that is ramped and a momentum that mirrors the
rate. Aim: less than 50 ms for a whole run.
"""

from dataclasses import replace
from functools import partial

from benchmarks.bench_economics import cpu_ms
from benchmarks.turns import load
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import Cooldown, LearningRate, RateGrowth, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.rate_to_batch import RateToBatch
from planner.schedules.schedule import Schedule, plan_steps

EPOCHS, TRAINING_SAMPLES, REPEATS = 300, 50_000, 15
WARM_UP = RateWarmUp(maximum=1.0, epochs=30, every_epochs=3)
RATES = {
    "constant": LearningRate(initial=0.1),
    "diminishing": LearningRate(initial=0.1, decay="diminishing"),
    "linear": LearningRate(initial=0.1, decay="linear", minimum=0.001),
    "polynomial": LearningRate(initial=0.1, decay="polynomial"),
    "cosine": LearningRate(initial=0.1, decay="cosine"),
    "cosine by step": LearningRate(initial=0.1, decay="cosine_by_step"),
    "exponential": LearningRate(initial=0.1, decay="exponential", factor=0.98),
    "wsd": LearningRate(initial=0.1, decay="wsd", cooldown=Cooldown()),
    "step": LearningRate(initial=0.1, decay="step", milestones_epochs=(100, 200)),
    "growth": LearningRate(initial=0.1, growth=RateGrowth(maximum=1.0, every_epochs=30)),
    "warm-up, cosine": LearningRate(initial=0.1, decay="cosine", warm_up=WARM_UP),
}
COMPOSED = Schedule(
    name="everything at once",
    learning_rate=replace(
        RATES["warm-up, cosine"], to_batch=RateToBatch(rule="square_root", ramp_epochs=1)
    ),
    batch_size=BatchSize(thresholds="0:8 30ep:16 60ep:32 90ep:64 4500Ksp:128 9Msp:256"),
    momentum=Momentum(value=0.87, shape="mirrored", final=0.95),
)


def main() -> None:
    """Prints one line a schedule."""
    batch = BatchSize(initial=8, growth=2, every_epochs=30)
    schedules = [
        Schedule(name=name, learning_rate=rate, batch_size=batch) for name, rate in RATES.items()
    ]
    print(load())
    for schedule in (*schedules, COMPOSED):
        whole = partial(plan_steps, schedule, training_samples=TRAINING_SAMPLES, epochs=EPOCHS)
        steps, spent_ms = whole().steps, cpu_ms(whole, repeats=REPEATS)
        print(f"{schedule.name:20} {steps:9,d} steps {spent_ms:7.1f} ms")


if __name__ == "__main__":
    main()
