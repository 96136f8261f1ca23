"""Several learners that take their steps at once, their numbers side by side in one tensor."""

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from planner.devices.throughput import Execution
from worker.training.batched_chain import BatchedChain
from worker.training.batched_loss import batched_loss
from worker.training.layers import layers_of
from worker.training.learner import DIRECTIONS, Learner
from worker.training.mapped_model import MappedModel

SAMPLES_AT_ONCE = 1024
"""Fetched for all members together, when a step has fewer: little enough to stay in a cache."""

_TRIED_SAMPLES = 3
_TRIED_MEMBERS = 2
_CLOSE = 1e-4
"""Relative distance of gradients that rounding explains; a wrong formula is farther off."""

NOT_THIS_WAY = (
    RuntimeError,
    ValueError,
    TypeError,
    AssertionError,
    AttributeError,
    LookupError,
    UserWarning,
)
"""What models raise that see tensors of another kind than they expect."""

_LOOPS = "There is a performance drop"
"""Begins the warning of torch that ``vmap`` only loops over the members: nothing is gained then."""

log = logging.getLogger(__name__)


class BundledModel(Protocol):
    """Computes losses and gradients of several members in one pass."""

    def targets(self, labels: Tensor, weight: float) -> Tensor:
        """What the model's outputs are compared with, for any number of items."""

    def gradients(self, inputs: Tensor, targets: Tensor, *, weight: float, add: bool) -> Tensor:
        """Leaves all gradients in their place; the sum of each member's weighted losses."""

    def evaluate(self, inputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Every member's outputs for the same items, and the sum of its losses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledBatch:
    """The samples of one step of every member.

    Attributes:
        inputs: (members, items, ...).
        targets: (members, items, ...), as the model wants them, made for ``weight``.
        weight: Of an item: one over the items of the step.
    """

    inputs: Tensor
    targets: Tensor
    weight: float


class BundledLearner:
    """Takes steps of SGD with momentum for several learners of one model and one momentum form.

    The learners live in the rows of its tensors from the moment it is made: each can still be
    evaluated, saved and changed by itself, between two steps. One that leaves keeps its row.

    Attributes:
        parameters: (members, parameters of one member).
        gradients: Shaped alike; overwritten by every step.
        momentum: Shaped alike.
        model: All members' models.
    """

    def __init__(self, learners: Sequence[Learner], execution: Execution) -> None:
        first = self._first = learners[0]
        self._inputs, self._labels = first.training
        self._direction = DIRECTIONS[first.momentum_form]
        self.parameters = torch.stack([learner.parameters for learner in learners])
        self.momentum = torch.stack([learner.momentum for learner in learners])
        self.gradients = torch.zeros_like(self.parameters)
        for row, learner in enumerate(learners):
            learner.move_to(
                parameters=self.parameters[row],
                gradients=self.gradients[row],
                momentum=self.momentum[row],
            )
        self.model = _bundled_model(first, execution, self.parameters, self.gradients)

    @contextmanager
    def evaluating(self) -> Iterator[None]:
        """The models are in evaluation mode."""
        self._first.model.eval()
        try:
            yield
        finally:
            self._first.model.train()

    def steps_at_once(self, items: int) -> int:
        """Steps of so many items whose samples are best fetched together."""
        return max(1, SAMPLES_AT_ONCE // (items * len(self.parameters)))

    def batches(self, indices: Tensor, *, steps: int) -> list[BundledBatch]:
        """Fetches the samples of some steps at once: it costs about as much as those of one.

        Args:
            indices: (members, steps x items), each member's in the order of its steps.
            steps: All of as many items.
        """
        members, items = indices.shape[0], indices.shape[1] // steps
        weight = 1.0 / items
        chosen = indices.view(members, steps, items).transpose(0, 1).reshape(-1)
        inputs = self._inputs.index_select(0, chosen)
        labels = self._labels.index_select(0, chosen)
        shape = (steps, members, items)
        targets = self.model.targets(labels.view(*shape, *labels.shape[1:]), weight)
        return [
            BundledBatch(inputs=own_inputs, targets=own_targets, weight=weight)
            for own_inputs, own_targets in zip(
                inputs.view(*shape, *inputs.shape[1:]), targets, strict=True
            )
        ]

    def step(
        self,
        batch: BundledBatch,
        *,
        micro_batches: tuple[int, ...],
        rates: Tensor,
        beta: float,
        kept: float,
    ) -> Tensor:
        """One step of every member; the mean of each one's losses, on the device.

        Args:
            batch: The step's samples.
            micro_batches: How many items at a time, as for a learner alone.
            rates: Every member's learning rate, (members, 1).
            beta: Momentum.
            kept: Share of the momentum buffer that stays: beta, unless it has just changed.
        """
        if len(micro_batches) == 1:
            losses = self.model.gradients(
                batch.inputs, batch.targets, weight=batch.weight, add=False
            )
        else:
            losses = self._add_up(batch, list(micro_batches))
        direction = self._direction(self.gradients, self.momentum, beta, kept)
        self.parameters.addcmul_(direction, rates, value=-1.0)
        return losses

    def _add_up(self, batch: BundledBatch, sizes: list[int]) -> Tensor:
        parts = zip(
            torch.split(batch.inputs, sizes, dim=1),
            torch.split(batch.targets, sizes, dim=1),
            strict=True,
        )
        losses = [
            self.model.gradients(inputs, targets, weight=batch.weight, add=number > 0)
            for number, (inputs, targets) in enumerate(parts)
        ]
        return torch.stack(losses).sum(0)


def possible_executions(learner: Learner) -> tuple[Execution, ...]:
    """The ways in which learners like this one can be bundled, each tried on a few samples."""
    ways: tuple[Execution, ...] = ("batched", "mapped")
    return tuple(way for way in ways if can_be_bundled(learner, way))


def can_be_bundled(learner: Learner, execution: Execution) -> bool:
    """Whether learners like this one can be trained together in this way; tried, not guessed.

    Not with a model that draws numbers, keeps statistics of its batches, augments its inputs, or
    uses a parameter twice or without training it; nor with other arithmetic than ``float32``.
    """
    plain = learner.arithmetic.precision == "float32" and learner.compiled is None
    if not plain or learner.workload.augmentation is not None:
        return False
    if not _trains_each_number_in_one_place(learner.model):
        return False
    with torch.random.fork_rng(devices=_gpus(learner)):
        return _agrees(learner, execution)


def _trains_each_number_in_one_place(model: nn.Module) -> bool:
    """Whether the trained parameters, each used under one name, are all that a model remembers."""
    by_name = dict(model.named_parameters(remove_duplicate=False))
    trained = {id(parameter) for parameter in by_name.values() if parameter.requires_grad}
    return len(trained) == len(by_name) and not any(True for _ in model.buffers())


def _gpus(learner: Learner) -> list[torch.device]:
    device = learner.parameters.device
    return [device] if device.type == "cuda" else []


def _agrees(learner: Learner, execution: Execution) -> bool:
    """Whether a bundle has the losses and the gradients that the learner has alone."""
    inputs, labels = (part[:_TRIED_SAMPLES] for part in learner.training)
    parameters = learner.parameters.repeat(_TRIED_MEMBERS, 1)
    gradients = torch.zeros_like(parameters)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=_LOOPS)
            model = _bundled_model(learner, execution, parameters, gradients)
            targets = model.targets(labels, 1.0)
            twice = [torch.stack([part] * _TRIED_MEMBERS) for part in (inputs, targets)]
            losses = model.gradients(*twice, weight=1.0, add=False)
            evaluated = _evaluated(model, learner, inputs, labels)
    except NOT_THIS_WAY as error:
        log.info("this model is not %s: %s", execution, error)
        return False
    learner.gradients.zero_()
    loss = learner.workload.loss_sum(learner.model(inputs), labels)
    loss.backward()  # type: ignore[no-untyped-call]
    alike = [_close(gradients[row], learner.gradients) for row in range(_TRIED_MEMBERS)]
    return all(alike) and evaluated and _close(losses, loss.detach().expand_as(losses))


@torch.no_grad()
def _evaluated(model: BundledModel, learner: Learner, inputs: Tensor, labels: Tensor) -> bool:
    """Whether every member of a bundle says what the learner says in evaluation mode."""
    learner.model.eval()
    try:
        outputs, losses = model.evaluate(inputs, labels)
        alone = learner.model(inputs)
    finally:
        learner.model.train()
    loss = learner.workload.loss_sum(alone, labels)
    return _close(outputs, alone.expand_as(outputs)) and _close(losses, loss.expand_as(losses))


def _close(one: Tensor, other: Tensor) -> bool:
    distance = torch.linalg.vector_norm(one - other)
    return bool(distance <= _CLOSE * torch.linalg.vector_norm(other))


def _bundled_model(
    learner: Learner, execution: Execution, parameters: Tensor, gradients: Tensor
) -> BundledModel:
    """A model of all members over their rows.

    Raises:
        ValueError: The learner's model does not allow this execution.
    """
    loss_sum = learner.workload.loss_sum
    if execution == "mapped":
        return MappedModel(
            learner.model, parameters=parameters, gradients=gradients, loss_sum=loss_sum
        )
    inputs, labels = learner.training
    layers = layers_of(learner.model, inputs.shape[1:])
    if execution != "batched" or layers is None:
        raise ValueError(f"{type(learner.model).__name__} cannot be {execution}")
    with torch.no_grad():
        outputs = learner.model(inputs[:_TRIED_SAMPLES])
    loss = batched_loss(loss_sum, outputs, labels)
    return BatchedChain(layers, parameters=parameters, gradients=gradients, loss=loss)
