"""Everything that `paybatch workload check` tries on a plug-in, one check after the other."""

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn

from planner.pilots.plug_in import PlugInFinding
from worker.plug_ins.adapter import PlugInWorkload, load_plug_in
from worker.plug_ins.installed import PlugIn
from worker.plug_ins.problem import PlugInWrong, blamed_on, shown
from worker.plug_ins.short_training import (
    BATCH_SIZE,
    STEPS,
    new_learner,
    short_training,
    speeds,
)
from worker.training.bundled_learner import possible_executions
from worker.workloads.contract import Splits

_SAMPLES = 512
_SMALL_SHARE = 0.01
"""Real data hold a few equal samples; more of them in two splits are a mistake of the split."""

_FAR = 2.0
"""Times the loss of guessing beyond which an untrained model starts badly."""


def examine(plug_in: PlugIn) -> Iterator[PlugInFinding]:
    """Findings as they are made; what makes the later checks meaningless ends them."""
    yield _well("installed", package=plug_in.package, version=plug_in.version)
    try:
        workload = load_plug_in(plug_in)
        found = Examination(workload)
        yield found.data()
    except PlugInWrong as wrong:
        yield _wrong("data", wrong)
        return
    for name, check, needed in (
        ("same_data", found.same_data, False),
        ("overlap", found.overlap, False),
        ("model", found.model, True),
        ("loss", found.loss, True),
        ("metrics", found.metrics, False),
        ("gradient", found.gradient, True),
        ("augment", found.augment, True),
        ("steps", found.steps, True),
        ("repeatable", found.repeatable, False),
        ("speed", found.speed, False),
        ("bundle", found.bundle, False),
    ):
        outcome = _tried(name, check)
        yield outcome
        if needed and outcome.outcome == "problem":
            return


class Examination:
    """A plug-in under examination; every check says what it found or raises what is wrong."""

    def __init__(self, workload: PlugInWorkload) -> None:
        self._workload = workload

    def data(self) -> PlugInFinding:
        """The splits are what can be trained on, and classes are numbered from 0.

        Raises:
            PlugInWrong: They are not.
        """
        _ = self._workload.classes
        sizes = {name: str(len(labels)) for name, (_, labels) in self._splits.items()}
        return _well("data", **sizes, shape=list(self._splits["training"][0].shape[1:]))

    def same_data(self) -> PlugInFinding:
        """Every trainer loads the data anew: they must not change."""
        again = self._workload.load_again()
        for name, parts in self._splits.items():
            if not all(map(torch.equal, parts, again[name])):
                raise PlugInWrong("data_changes")
        return _well("same_data")

    def overlap(self) -> PlugInFinding:
        """A sample that is also trained on says nothing about the others."""
        known = {name: set(_rows(inputs)) for name, (inputs, _) in self._splits.items()}
        for one, other in (
            ("test", "training"),
            ("validation", "training"),
            ("test", "validation"),
        ):
            count = sum(row in known[other] for row in _rows(self._splits[one][0]))
            share = count / len(self._splits[one][0])
            if count:
                wrong = PlugInWrong(
                    "splits_overlap", count=count, one=one, other=other, share=f"{share:.1%}"
                )
                return _wrong("overlap", wrong, mild=share <= _SMALL_SHARE)
        return _well("overlap")

    def model(self) -> PlugInFinding:
        """Weights follow from the seed and from nothing else."""
        first, again, other = (self._workload.make_model(seed) for seed in (1, 1, 2))
        if not _same_weights(first, again):
            raise PlugInWrong("model_not_repeatable")
        if _same_weights(first, other):
            return _wrong("model", PlugInWrong("model_always_same"), mild=True)
        parameters = sum(one.numel() for one in first.parameters() if one.requires_grad)
        return _well("model", parameters=f"{parameters:,}")

    def loss(self) -> PlugInFinding:
        """One finite loss a sample, about as large as that of guessing."""
        with torch.no_grad(), blamed_on("loss(outputs, labels)"):
            losses = self._workload.losses(self._outputs, self._labels)
        wrong = int((~torch.isfinite(losses)).sum())
        if wrong:
            raise PlugInWrong("loss_not_finite", count=wrong, samples=len(losses))
        mean, guessing = float(losses.mean()), self._workload.facts.loss_of_guessing
        if guessing is not None and not guessing / _FAR <= mean <= guessing * _FAR:
            far = PlugInWrong(
                "loss_far_from_guessing", loss=f"{mean:.4g}", guessing=f"{guessing:.4g}"
            )
            return _wrong("loss", far, mild=True)
        return _well("loss", loss=f"{mean:.4g}")

    def metrics(self) -> PlugInFinding:
        """Every metric is a number for every sample, and improves in a stated direction."""
        facts = self._workload.facts
        with torch.no_grad(), blamed_on("metrics(outputs, labels)"):
            values = self._workload.metric_values(self._outputs, self._labels)
        for name, value in values.items():
            wrong = int((~torch.isfinite(value)).sum())
            if wrong:
                raise PlugInWrong("metric_not_finite", metric=name, count=wrong, samples=len(value))
        signs = {"below": "↓", "above": "↑"}
        told = [f"{metric} {signs[facts.improves(metric) or 'below']}" for metric in facts.metrics]
        return _well("metrics", metrics=", ".join(told))

    def gradient(self) -> PlugInFinding:
        """A finite gradient for every parameter."""
        model = self._workload.make_model(1)
        inputs, labels = (part[:BATCH_SIZE] for part in self._splits["training"])
        outputs = self._workload.outputs(model, inputs)
        with blamed_on("loss(outputs, labels)"):
            loss = self._workload.loss_sum(outputs, labels)
        if not loss.requires_grad:
            raise PlugInWrong("gradient_none")
        with blamed_on("loss(outputs, labels).backward()"):
            loss.backward()  # type: ignore[no-untyped-call]
        trained = [one for one in model.named_parameters() if one[1].requires_grad]
        broken = [name for name, one in trained if not _is_finite(one.grad)]
        if broken:
            raise PlugInWrong("gradient_not_finite", parameters=", ".join(broken))
        unreached = [name for name, one in trained if one.grad is None]
        if unreached:
            missing = PlugInWrong("gradient_missing", parameters=", ".join(unreached))
            return _wrong("gradient", missing, mild=True)
        return _well("gradient")

    def augment(self) -> PlugInFinding:
        """Augmented inputs look like inputs and follow from their own generator."""
        augment = self._workload.augmentation
        if augment is None:
            return _well("no_augment")
        inputs = self._splits["training"][0][:BATCH_SIZE]
        made = []
        for noise in (1, 2):
            torch.manual_seed(noise)
            np.random.seed(noise)  # noqa: NPY002 - what a plug-in might draw from by mistake
            with blamed_on("augment(inputs, generator)"):
                made.append(augment(inputs.clone(), torch.Generator().manual_seed(7)))
        for one in made:
            same = isinstance(one, Tensor) and (one.shape, one.dtype) == (
                inputs.shape,
                inputs.dtype,
            )
            if not same:
                raise PlugInWrong("augment_wrong", expected=shown(inputs), got=shown(one))
        if not torch.equal(*made):
            raise PlugInWrong("augment_not_repeatable")
        return _well("augment")

    def steps(self) -> PlugInFinding:
        """A short training stays finite."""
        _, losses = self._trained
        return _well("steps", steps=STEPS, first=f"{losses[0]:.4g}", last=f"{losses[-1]:.4g}")

    def repeatable(self) -> PlugInFinding:
        """One seed gives one result, bit by bit."""
        weights, _ = self._trained
        again, _ = short_training(self._workload, self._splits, seed=1)
        if not torch.equal(weights, again):
            raise PlugInWrong("not_repeatable")
        return _well("repeatable")

    def speed(self) -> PlugInFinding:
        """How fast a few batch sizes are on this processor."""
        told = speeds(self._workload, self._splits)
        return _well(
            "speed",
            speeds=", ".join(f"{size}: {per_s:,.0f}" for size, per_s in told.items()),
        )

    def bundle(self) -> PlugInFinding:
        """Whether several seeds can be trained in one model."""
        ways = possible_executions(new_learner(self._workload, self._splits, seed=1))
        return _well("bundle", ways=", ".join(ways)) if ways else _well("no_bundle")

    @cached_property
    def _splits(self) -> Splits:
        return self._workload.splits

    @cached_property
    def _labels(self) -> Tensor:
        return self._splits["validation"][1][:_SAMPLES]

    @cached_property
    def _outputs(self) -> Tensor:
        inputs = self._splits["validation"][0][:_SAMPLES]
        with torch.no_grad():
            return self._workload.outputs(self._workload.make_model(1).eval(), inputs)

    @cached_property
    def _trained(self) -> tuple[Tensor, list[float]]:
        return short_training(self._workload, self._splits, seed=1)


def _tried(name: str, check: Callable[[], PlugInFinding]) -> PlugInFinding:
    try:
        return check()
    except PlugInWrong as wrong:
        return _wrong(name, wrong)


def _well(check: str, **params: object) -> PlugInFinding:
    texts = {name: str(value) for name, value in params.items()}
    return PlugInFinding(check=check, outcome="ok", code="", params=texts)


def _wrong(check: str, wrong: PlugInWrong, *, mild: bool = False) -> PlugInFinding:
    problem = wrong.problem
    return PlugInFinding(
        check=check,
        outcome="warning" if mild else "problem",
        code=problem.code,
        params=problem.params,
    )


def _rows(inputs: Tensor) -> list[bytes]:
    return [row.tobytes() for row in inputs.reshape(len(inputs), -1).numpy()]


def _same_weights(one: nn.Module, other: nn.Module) -> bool:
    return all(map(torch.equal, one.state_dict().values(), other.state_dict().values()))


def _is_finite(gradient: Tensor | None) -> bool:
    return gradient is None or bool(torch.isfinite(gradient).all())
