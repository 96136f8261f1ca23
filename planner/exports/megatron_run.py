"""A training as Megatron-LM's flags describe it, and what Megatron makes of them at every step.

Megatron counts samples where our schedules count steps and epochs: batch size and learning rate of
a step follow from the samples that were seen before it. Read from its sources,
`core/num_microbatches_calculator.py` and `core/optimizer_param_scheduler.py`.

The exported file carries these functions as they stand here, so they need the standard library
alone.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

MOST_FLAG_STEPS = 1_000_000
"""Steps that flags are compared for, one by one; the longest published runs have half of that."""


class FlagError(ValueError):
    """A flag that is missing, not readable, or says what a schedule cannot."""

    def __init__(self, flag: str, code: str) -> None:
        super().__init__(f"{flag}: {code}")
        self.flag = flag
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class MegatronRun:
    """What the flags say.

    Attributes:
        samples: Of the whole run.
        batch_sizes: Samples seen from which on a batch size holds, and that size; rising.
        maximum: Learning rate after the warm-up.
        minimum: Where the decay ends.
        initial: Rate at which the warm-up begins.
        warm_up_samples: Its length.
        decay: ``constant``, ``linear``, ``cosine`` or ``WSD``.
        decay_samples: Samples seen at its end.
        cooldown: Shape of the end of ``WSD``: ``linear``, ``cosine`` or ``minus_sqrt``.
        cooldown_samples: Its length.
        momentum: Beta.
    """

    samples: int
    batch_sizes: tuple[tuple[int, int], ...]
    maximum: float
    minimum: float
    initial: float
    warm_up_samples: int
    decay: str
    decay_samples: int
    cooldown: str
    cooldown_samples: int
    momentum: float


def megatron_steps(run: MegatronRun) -> Iterator[tuple[int, int, float]]:
    """Samples seen before, batch size and learning rate of every step; the rest is dropped."""
    seen, stage = 0, 0
    while True:
        while stage + 1 < len(run.batch_sizes) and run.batch_sizes[stage + 1][0] <= seen:
            stage += 1
        batch_size = run.batch_sizes[stage][1]
        if seen + batch_size > run.samples:
            return
        yield seen, batch_size, megatron_rate(run, seen)
        seen += batch_size


def megatron_rate(run: MegatronRun, seen: int) -> float:
    """Learning rate of the step before which so many samples were seen."""
    if run.warm_up_samples > 0 and seen <= run.warm_up_samples:
        way = run.maximum - run.initial
        return run.initial + way * seen / run.warm_up_samples
    if run.decay == "constant":
        return run.maximum
    if seen > run.decay_samples:
        return run.minimum
    gone = (seen - run.warm_up_samples) / (run.decay_samples - run.warm_up_samples)
    shape = run.decay
    if shape == "WSD":
        begun = run.decay_samples - run.cooldown_samples
        gone = max(seen - begun, 0) / run.cooldown_samples
        shape = run.cooldown
    left = {
        "linear": 1 - gone,
        "cosine": (1 + math.cos(math.pi * gone)) / 2,
        "minus_sqrt": 1 - math.sqrt(gone),
    }[shape]
    return run.minimum + left * (run.maximum - run.minimum)


def given_flags(words: Sequence[str]) -> dict[str, list[str]]:
    """The values of every flag; of one that stands twice, the last ones."""
    flags: dict[str, list[str]] = {}
    values: list[str] = []
    for word in words:
        if word.startswith("--"):
            flag, equals, value = word.partition("=")
            values = flags[flag] = [value] if equals else []
        else:
            values.append(word)
    return flags


def number_of(flags: Mapping[str, Sequence[str]], flag: str, default: float | None) -> float:
    """The one number of a flag; without a default it must be there."""
    if flag not in flags and default is not None:
        return default
    values = flags.get(flag, ())
    try:
        (value,) = map(float, values)
    except ValueError:
        raise FlagError(flag, "megatron_flag_number") from None
    if not 0 <= value < 1e15:
        raise FlagError(flag, "megatron_flag_number")
    return value


def samples_of_flags(
    flags: Mapping[str, Sequence[str]], name: str, default: float | None, *, batch_size: int
) -> int:
    """Samples that ``--NAME-samples`` says, or ``--NAME-iters`` by the constant batch."""
    by_steps = f"--{name}-iters"
    if by_steps in flags:
        return int(number_of(flags, by_steps, None)) * batch_size
    return int(number_of(flags, f"--{name}-samples", default))


def batch_sizes_of(
    flags: Mapping[str, Sequence[str]], *, most_jumps: int = 100_000
) -> tuple[tuple[int, int], ...]:
    """Samples seen from which on each batch size holds; a ramp of more jumps is a mistyped one."""
    written = flags.get("--step-batch-size-schedule")
    if written is not None:
        return stepped_batches(" ".join(written), int(number_of(flags, "--seq-length", None)))
    final = int(number_of(flags, "--global-batch-size", None))
    if final < 1:
        raise FlagError("--global-batch-size", "megatron_flag_number")
    ramp = flags.get("--rampup-batch-size")
    if ramp is None:
        return ((0, final),)
    if len(ramp) != 3 or not all(word.isdecimal() for word in ramp):
        raise FlagError("--rampup-batch-size", "megatron_flag_ramp")
    first, increment, samples = map(int, ramp)
    if first < 1 or increment < 1 or first >= final or (final - first) % increment:
        raise FlagError("--rampup-batch-size", "megatron_flag_ramp")
    jumps = (final - first) // increment
    if jumps > most_jumps:
        raise FlagError("--global-batch-size", "megatron_flag_number")
    return tuple(
        (-(-jump * samples // jumps), first + jump * increment) for jump in range(jumps + 1)
    )


def stepped_batches(written: str, tokens_per_sample: int) -> tuple[tuple[int, int], ...]:
    """``0:768 250B:1536``: thresholds are tokens, with K, M, B and T."""
    factors = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
    try:
        pairs = [entry.split(":") for entry in written.upper().replace(",", " ").split()]
        found = tuple(
            (
                int(float(at.rstrip("KMBT")) * factors.get(at[-1:], 1)) // tokens_per_sample,
                int(size),
            )
            for at, size in pairs
        )
    except (ValueError, ZeroDivisionError):
        raise FlagError("--step-batch-size-schedule", "megatron_flag_steps") from None
    starts = [start for start, _ in found]
    if starts[:1] != [0] or starts != sorted(set(starts)) or min(size for _, size in found) < 1:
        raise FlagError("--step-batch-size-schedule", "megatron_flag_steps")
    return found


def megatron_run(words: Sequence[str]) -> MegatronRun:
    """Reads a command line; flags that say nothing of rate, batch and momentum are passed over."""
    flags = given_flags(words)
    if flags.get("--optimizer") != ["sgd"]:
        raise FlagError("--optimizer", "megatron_flag_sgd")
    decay = (flags.get("--lr-decay-style") or ["linear"])[0]
    if decay not in ("constant", "linear", "cosine", "WSD"):
        raise FlagError("--lr-decay-style", "megatron_flag_decay")
    cooldown = (flags.get("--lr-wsd-decay-style") or ["exponential"])[0]
    if decay == "WSD" and cooldown not in ("linear", "cosine", "minus_sqrt"):
        raise FlagError("--lr-wsd-decay-style", "megatron_flag_decay")
    batch_sizes = batch_sizes_of(flags)
    last = batch_sizes[-1][1]
    samples = samples_of_flags(flags, "train", None, batch_size=last)
    decay_samples = samples_of_flags(flags, "lr-decay", samples, batch_size=last)
    warm_up = samples_of_flags(flags, "lr-warmup", 0, batch_size=last)
    if "--lr-warmup-fraction" in flags:
        warm_up = round(number_of(flags, "--lr-warmup-fraction", None) * decay_samples)
    if not warm_up < decay_samples:
        raise FlagError("--lr-warmup-samples", "megatron_flag_warm_up")
    cooled = 0
    if decay == "WSD":
        cooled = samples_of_flags(flags, "lr-wsd-decay", None, batch_size=last)
        if not 0 < cooled <= decay_samples - warm_up:
            raise FlagError("--lr-wsd-decay-samples", "megatron_flag_number")
    return MegatronRun(
        samples=samples,
        batch_sizes=batch_sizes,
        maximum=number_of(flags, "--lr", None),
        minimum=number_of(flags, "--min-lr", 0.0),
        initial=number_of(flags, "--lr-warmup-init", 0.0),
        warm_up_samples=warm_up,
        decay=decay,
        decay_samples=decay_samples,
        cooldown=cooldown if decay == "WSD" else "linear",
        cooldown_samples=cooled,
        momentum=number_of(flags, "--sgd-momentum", 0.9),
    )
