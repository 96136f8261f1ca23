"""Findings 4, 5 and 7: the gradient norm, the traps, and how well the throughput formula fits."""

from itertools import takewhile
from statistics import fmean

import numpy as np
from scipy import stats

from benchmarks.found.experiment import Experiment
from benchmarks.found.settings import BASELINE, GROWING_RATE, SAME_START, WARM_UP
from benchmarks.found.tables import number, table
from benchmarks.found.training import Trained
from planner.devices.batch_plan import micro_batch_plan
from planner.devices.throughput import fit_throughput, saturation_batch_size
from planner.measurements.time_to_target import reached


def misleading(found: Experiment) -> str:
    """Finding 4: last gradient norms beside the quality that they do not show."""
    rows = []
    for schedule in found.pilot.schedules:
        last = [
            one.record.measurements[-1].metrics
            for one in found.own_best
            if one.record.run.schedule == schedule.name and one.record.status == "succeeded"
        ]
        names = ("full_gradient_norm", "train_loss", "validation_loss", "validation_accuracy")
        means = [number(fmean(metrics[name] for metrics in last)) for name in names if last]
        rows.append([schedule.name, str(len(last)), *means])
    return "\n\n".join(
        [
            "Own best rates, means at the end of the runs.",
            table(
                [
                    "schedule",
                    "runs",
                    "gradient norm",
                    "train loss",
                    "validation loss",
                    "validation accuracy",
                ],
                rows,
            ),
            _extremes(found),
            _correlation(found),
        ]
    )


def _extremes(found: Experiment) -> str:
    """Who ends with the lowest norm, and who with the lowest validation loss."""
    lowest = {
        metric: min(
            found.pilot.schedules, key=lambda one: _mean_at_end(found, one.name, metric)
        ).name
        for metric in ("full_gradient_norm", "validation_loss")
    }
    return (
        f"Lowest gradient norm: {lowest['full_gradient_norm']}. Lowest validation loss: "
        f"{lowest['validation_loss']}."
    )


def _mean_at_end(found: Experiment, schedule: str, metric: str) -> float:
    """Over the runs at the own best rate that came to their end; infinite without any."""
    last = [
        one.record.measurements[-1].metrics[metric]
        for one in found.own_best
        if one.record.run.schedule == schedule and one.record.status == "succeeded"
    ]
    return fmean(last) if last else np.inf


def _correlation(found: Experiment) -> str:
    """Rank correlation over all confirmation runs of norm and validation loss at the end."""
    last = [
        one.record.measurements[-1].metrics
        for one in (*found.own_best, *found.one_rate)
        if one.record.status == "succeeded"
    ]
    norms = [metrics["full_gradient_norm"] for metrics in last]
    correlations = [
        float(stats.spearmanr(norms, [metrics[name] for metrics in last]).statistic)
        for name in ("train_loss", "validation_loss", "validation_accuracy")
    ]
    train, loss, accuracy = (f"{value:+.2f}" for value in correlations)
    return (
        f"Rank correlation of the last gradient norm over {len(last)} runs at both rates: {train} "
        f"with the train loss, {loss} with the validation loss, {accuracy} with the validation "
        "accuracy."
    )


def traps(found: Experiment) -> str:
    """Finding 5: ties by construction, and norms that start low."""
    warm_up_epochs = 3 * found.setting.stage_epochs
    growing, warmed = (
        [one for one in found.one_rate if one.record.run.schedule == name]
        for name in (GROWING_RATE, WARM_UP)
    )
    alike = [_alike(one, other) for one, other in zip(growing, warmed, strict=True)]
    target = found.targets["gradient norm"]
    entered, lasting = 0, 0
    starts, highest = [], []
    for one in found.own_best:
        norms = _norms(one)
        starts.append(norms[0])
        highest.append(float(norms.max()))
        holds = reached(norms, target)
        entered += bool(holds[0])
        lasting += bool(holds[-1])
    return (
        f"Growing rate and warm-up at one rate and seed: the first {min(alike)} to {max(alike)} of "
        f"{found.setting.epochs + 1} evaluations are equal to the last bit (the warm-up ends after "
        f"epoch {warm_up_epochs}). Gradient norm before the first step: {number(fmean(starts))} on "
        f"average, at its highest evaluation {number(fmean(highest))}; the target is "
        f"{number(target.value)}. {entered} of {len(found.own_best)} runs hold it before training, "
        f"{lasting} at their end. {_in_the_first_stage(found)}"
    )


def _in_the_first_stage(found: Experiment) -> str:
    """Targets passed before anything has grown compare a schedule with itself."""
    counts = []
    for target in found.targets:
        crossings = [
            race.crossing
            for name in (BASELINE, *SAME_START)
            for race in found.races_of(found.own_best, target, name)
            if race.crossing is not None
        ]
        early = sum(crossing.epochs <= found.setting.stage_epochs for crossing in crossings)
        counts.append(f"{target} {early} of {len(crossings)}")
    return (
        "Crossings in the first stage, where nothing has grown yet, of the baseline and what "
        f"starts at its batch, own best rates: {', '.join(counts)}."
    )


def _alike(one: Trained, other: Trained) -> int:
    """Evaluations from the start that are equal to the last bit."""
    pairs = zip(one.record.measurements, other.record.measurements, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _norms(one: Trained) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array(
        [
            measurement.metrics.get("full_gradient_norm", np.inf)
            for measurement in one.record.measurements
        ]
    )


def fits(experiments: list[Experiment]) -> str:
    """Finding 7: residual of ``t(b) = t0 + b/r``."""
    rows = []
    for found in experiments:
        fit = fit_throughput(found.curve)
        turned = micro_batch_plan(found.curve).largest_micro_batch_size
        largest = found.curve.points[-1].batch_size
        rows.append(
            [
                found.setting.workload,
                number(fit.overhead_s * 1e6),
                number(fit.samples_per_s),
                number(fit.half_saturation_batch_size),
                f"{fit.residual_fraction:.1%}",
                str(saturation_batch_size(found.curve)),
                str(largest),
                str(turned) if turned < largest else "no",
            ]
        )
    head = ["workload", "t0 (us)", "r (samples/s)", "half-saturation batch", "largest residual"]
    return table([*head, "saturation batch", "largest probed", "slower past"], rows)
