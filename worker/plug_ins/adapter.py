"""A plug-in as the trainer sees a workload."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from planner.pilots.plug_in import PlugInProblem
from planner.pilots.workload import TARGET_METRICS, Workload
from planner.refusal import Refusal
from worker.data.places import DataPlaces
from worker.plug_ins.installed import PlugIn, named
from worker.plug_ins.kept_description import KeptDescription
from worker.plug_ins.metrics import METRIC_NAME, checked_directions, checked_metrics
from worker.plug_ins.problem import PlugInWrong, blamed_on, one_line, shown, type_name
from worker.plug_ins.splits import are_classes, checked_splits, classes_of
from worker.workloads.contract import Augmentation, Splits

Stated = TypeVar("Stated")

_SAMPLES_TO_DESCRIBE = 8

_NEEDED = {
    "load": 'load() -> {"training": (inputs, labels), "validation": ..., "test": ...}',
    "make_model": "make_model() -> torch.nn.Module",
}


def load_plug_in(plug_in: PlugIn) -> "PlugInWorkload":
    """Imports a plug-in; its data are not loaded yet.

    Raises:
        PlugInWrong: It cannot be imported, or lacks a part.
    """
    where = {"module": plug_in.value, "package": plug_in.top_level}
    try:
        thing = plug_in.entry.load()
    except (Exception, SystemExit) as error:
        raise PlugInWrong("import_failed", error=one_line(error), **where) from error
    if isinstance(thing, type):
        try:
            thing = thing()
        except (Exception, SystemExit) as error:
            raise PlugInWrong("not_constructed", error=one_line(error), **where) from error
    return PlugInWorkload(thing, name=plug_in.name, version=plug_in.version)


def load_reported(name: str, places: DataPlaces) -> "PlugInWorkload":
    """The plug-in of this name, as this worker reported it.

    Raises:
        PlugInWrong: There is none, its code is no longer the reported one, or it cannot be used.
    """
    plug_in = named(name)
    if isinstance(plug_in, PlugInProblem):
        raise PlugInWrong(plug_in.code, **plug_in.params)
    if KeptDescription(places.descriptions_dir, plug_in).read() is None:
        raise PlugInWrong("changed_since_report")
    return load_plug_in(plug_in)


class PlugInWorkload:
    """Keeps to the trainer's contract by what a module or an instance of the user's offers."""

    def __init__(self, thing: Any, *, name: str, version: str) -> None:  # noqa: ANN401 - a user's
        for part, signature in _NEEDED.items():
            if not callable(getattr(thing, part, None)):
                raise PlugInWrong("part_missing", part=part, signature=signature)
        self._thing = thing
        self._name = name
        self._version = version
        self._loss = getattr(thing, "loss", None)
        self._metrics = getattr(thing, "metrics", None)

    @property
    def name(self) -> str:
        """As used in pilot files: the entry point's."""
        return self._name

    @property
    def augmentation(self) -> Augmentation | None:
        """The plug-in's ``augment``, if it has one."""
        augment: Augmentation | None = getattr(self._thing, "augment", None)
        return augment

    def available(self, places: DataPlaces) -> bool:  # noqa: ARG002 - it finds its data itself
        """Always: a plug-in is reported only after its data were loaded."""
        return True

    def load(self, places: DataPlaces) -> Splits:  # noqa: ARG002 - it finds its data itself
        """Its three splits, checked; loaded once."""
        return self.splits

    def load_again(self) -> Splits:
        """Its three splits from another call of ``load()``."""
        with blamed_on("load()"):
            given = self._thing.load()
        return checked_splits(given)

    def make_model(self, seed: int) -> nn.Module:
        """A fresh model; the global generator is left as it was.

        Raises:
            PlugInWrong: It cannot be trained.
        """
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            with blamed_on("make_model()"):
                model = self._thing.make_model()
        if not isinstance(model, nn.Module):
            raise PlugInWrong("model_wrong", got=shown(model))
        _check_trainable(model)
        return model.train()

    def losses(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Loss of every item.

        Raises:
            PlugInWrong: There is not one for each.
        """
        if self._loss is None:
            if not are_classes(labels):
                kind = f"{type_name(labels)}{list(labels.shape[1:])}"
                raise PlugInWrong("loss_missing", labels=kind)
            return nn.functional.cross_entropy(outputs, labels, reduction="none")
        losses = self._loss(outputs, labels)
        if not isinstance(losses, Tensor) or losses.shape != (len(labels),):
            raise PlugInWrong("loss_wrong", expected=len(labels), got=shown(losses))
        return losses

    def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Sum of the items' losses; without a loss of its own one call, which bundles recognise."""
        if self._loss is None:
            return nn.functional.cross_entropy(outputs, labels, reduction="sum")
        return self.losses(outputs, labels).sum()

    def metric_values(self, outputs: Tensor, labels: Tensor) -> Mapping[str, Tensor]:
        """Every metric of every item; accuracy where the plug-in defines none and it can be told.

        Raises:
            PlugInWrong: There is not one value for each.
        """
        if self._metrics is not None:
            return checked_metrics(self._metrics(outputs, labels), samples=len(labels))
        if are_classes(labels) and outputs.dim() == 2 and outputs.shape[1] > 1:
            return {"accuracy": (outputs.argmax(dim=1) == labels).float()}
        return {}

    def metric_sums(self, outputs: Tensor, labels: Tensor) -> Mapping[str, Tensor]:
        """Every metric, summed over the items."""
        values = self.metric_values(outputs, labels)
        return {name: value.sum() for name, value in values.items()}

    @cached_property
    def facts(self) -> Workload:
        """What can be planned with; needs its data and one forward pass of a few samples.

        Raises:
            PlugInWrong: Something about it cannot be planned with.
        """
        splits = self.splits
        inputs, labels = (part[:_SAMPLES_TO_DESCRIBE] for part in splits["validation"])
        with torch.no_grad():
            outputs = self.outputs(self.make_model(0).eval(), inputs)
            with blamed_on("loss(outputs, labels)"):
                self.losses(outputs, labels)
            with blamed_on("metrics(outputs, labels)"):
                names = tuple(self.metric_values(outputs, labels))
        stated = checked_directions(getattr(self._thing, "directions", {}), names)
        own = {f"{METRIC_NAME}{name}": side for name, side in stated.items()}
        try:
            return Workload(
                name=self._name,
                version=self._version,
                training_samples=len(splits["training"][1]),
                validation_samples=len(splits["validation"][1]),
                test_samples=len(splits["test"][1]),
                classes=self.classes,
                guessing_loss=self._stated("guessing_loss", float),
                metrics=(
                    "train_loss",
                    "validation_loss",
                    *(f"{METRIC_NAME}{name}" for name in names),
                    "full_gradient_norm",
                ),
                directions={name: own[name] for name in own if name not in TARGET_METRICS},
                source=self._stated("source", str) or "",
            )
        except Refusal as refusal:
            raise PlugInWrong(
                "facts_refused", field=refusal.field, reason=refusal.code
            ) from refusal

    def outputs(self, model: nn.Module, inputs: Tensor) -> Tensor:
        """What a model says to some samples.

        Raises:
            PlugInWrong: It fails, or says nothing that could be theirs.
        """
        with blamed_on("model(inputs)"):
            outputs = model(inputs)
        if not isinstance(outputs, Tensor) or outputs.shape[:1] != (len(inputs),):
            raise PlugInWrong("outputs_wrong", expected=len(inputs), got=shown(outputs))
        return outputs.float()

    @cached_property
    def splits(self) -> Splits:
        """Its three splits, loaded when they are looked at first."""
        return self.load_again()

    @property
    def classes(self) -> int | None:
        """As stated; counted where the loss is the cross entropy of ours, which needs classes.

        Raises:
            PlugInWrong: The labels are not numbered from 0, or not as stated.
        """
        stated = self._stated("classes", int)
        if self._loss is None and are_classes(self.splits["training"][1]):
            return classes_of(self.splits, stated)
        return stated

    def _stated(self, name: str, kind: Callable[[Any], Stated]) -> Stated | None:
        """An attribute that may be absent."""
        value = getattr(self._thing, name, None)
        try:
            return None if value is None else kind(value)
        except (TypeError, ValueError) as error:
            raise PlugInWrong("facts_refused", field=name, reason=shown(value)) from error


def _check_trainable(model: nn.Module) -> None:
    trained = {name: one for name, one in model.named_parameters() if one.requires_grad}
    if not trained:
        raise PlugInWrong("model_untrainable")
    for name, parameter in trained.items():
        if parameter.dtype != torch.float32:
            raise PlugInWrong("model_dtype", parameter=name, dtype=type_name(parameter))
