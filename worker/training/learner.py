"""A model whose parameters, gradients and momentum are three flat vectors."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from planner.schedules.momentum import MomentumForm
from worker.training.arithmetic import Arithmetic, LossSum, flat_view, flattened, layout_of
from worker.workloads.contract import TrainingWorkload

if TYPE_CHECKING:
    from worker.training.compiled import CompiledLoss

_ENGINE = torch.autograd.Variable._execution_engine

Direction = Callable[[Tensor, Tensor, float, float], Tensor]
"""Changes the momentum, given gradients, momentum, beta and what the buffer keeps: beta, times the
buffer's conversion where beta has just changed. What it returns is multiplied by the rate and taken
off the parameters. Vectors of one member, or (members, vectors)."""


def heavy_ball(gradients: Tensor, momentum: Tensor, _beta: float, kept: float) -> Tensor:
    """``u = beta u + g``, ``theta = theta - alpha u``, as in PyTorch."""
    return momentum.mul_(kept).add_(gradients)


def normalised(gradients: Tensor, momentum: Tensor, beta: float, kept: float) -> Tensor:
    """``m = beta m + (1 - beta) g``, ``theta = theta - eta m``, with m = 0 before the first."""
    return momentum.mul_(kept).add_(gradients, alpha=1.0 - beta)


def nesterov(gradients: Tensor, momentum: Tensor, beta: float, kept: float) -> Tensor:
    """``u = beta u + g``, ``theta = theta - alpha (g + beta u)``, as in PyTorch."""
    direction = torch.empty_like(gradients)  # first: without memory, nothing may have changed
    momentum.mul_(kept).add_(gradients)
    return torch.add(gradients, momentum, alpha=beta, out=direction)


DIRECTIONS: dict[MomentumForm, Direction] = {
    "heavy_ball": heavy_ball,
    "normalised": normalised,
    "nesterov": nesterov,
}


class Learner:
    """Takes steps of SGD with momentum on a workload's model.

    Attributes:
        model: Its parameters and their gradients are views of the flat vectors.
        parameters: All parameters, in the model's order.
        gradients: Their gradients; overwritten by every step and every gradient norm.
        momentum: The momentum buffer; zero at the start of a run.
        augmentation_generator: All chance of the augmentation; on the samples' device.
        compiled: The compiled forward and backward pass; None where nothing is compiled.
        training: Inputs and labels that steps choose from.
        workload: Whose model and loss these are.
        arithmetic: How it computes.
        momentum_form: Which of the three it takes.
    """

    def __init__(
        self,
        workload: TrainingWorkload,
        training: tuple[Tensor, Tensor],
        *,
        weights_seed: int,
        augmentation_seed: int,
        momentum_form: MomentumForm,
        arithmetic: Arithmetic = Arithmetic(),
    ) -> None:
        self._inputs, self._labels = self.training = training
        self.workload, self.arithmetic, self.momentum_form = workload, arithmetic, momentum_form
        device = self._labels.device
        model = workload.make_model(weights_seed).to(device)
        layout = layout_of(model, device)
        self._channels_last = layout is torch.channels_last and self._inputs.dim() == 4
        self.model = model.to(memory_format=layout)  # type: ignore[call-overload]
        self.parameters, self.gradients = _flatten(self.model)
        self.momentum = torch.zeros_like(self.parameters)
        self._weights: dict[int, Tensor] = {}
        self._cast = arithmetic.cast(device)
        self._loss_sum = workload.loss_sum
        plain = self._loss if arithmetic.precision == "float32" else self._mixed_loss
        self.compiled = _compiled(plain, arithmetic.compiled_sizes)
        self._loss_of: LossSum = self.compiled or plain
        self._augmentation = workload.augmentation
        self.augmentation_generator = torch.Generator(self._labels.device)
        self.augmentation_generator.manual_seed(augmentation_seed)
        self._direction = DIRECTIONS[momentum_form]

    def step(
        self,
        indices: Tensor,
        *,
        micro_batches: tuple[int, ...],
        rate: float,
        beta: float,
        kept: float,
    ) -> Tensor:
        """One step on some training samples; the sum of their losses, a scalar on the device.

        Args:
            indices: Of the step's samples.
            micro_batches: How many of them at a time; each item weighs the same, whichever part
                it is in.
            rate: Learning rate as the momentum form takes it.
            beta: Momentum.
            kept: Share of the momentum buffer that stays: beta, unless it has just changed.
        """
        self.gradients.zero_()
        weight = self.weight_of_an_item(len(indices))
        if len(micro_batches) == 1:
            loss = self._add_gradients(indices, weight)
        else:
            parts = torch.split(indices, list(micro_batches))
            loss = torch.stack([self._add_gradients(part, weight) for part in parts]).sum()
        self.move(rate=rate, beta=beta, kept=kept)
        return loss

    def move(self, *, rate: float, beta: float, kept: float) -> None:
        """Updates momentum and parameters by the gradients as they are."""
        direction = self._direction(self.gradients, self.momentum, beta, kept)
        self.parameters.add_(direction, alpha=-rate)

    def move_to(self, *, parameters: Tensor, gradients: Tensor, momentum: Tensor) -> None:
        """Lives in other vectors from now on; parameters and momentum hold its numbers already."""
        self.parameters, self.gradients, self.momentum = parameters, gradients, momentum
        _bind(self.model, parameters, gradients)

    @property
    def augments(self) -> bool:
        """Whether the inputs of steps are changed by chance."""
        return self._augmentation is not None

    def inputs_of(self, indices: Tensor) -> Tensor:
        """Inputs of some samples as a step sees them; an augmentation draws anew."""
        inputs = self._inputs.index_select(0, indices)
        if self._augmentation is not None:
            inputs = self._augmentation(inputs, self.augmentation_generator)
        return inputs

    def labels_of(self, indices: Tensor) -> Tensor:
        """Labels of some samples."""
        return self._labels.index_select(0, indices)

    def add_gradients(self, inputs: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
        """Adds ``weight`` times the gradient of some items' losses; the sum of those losses.

        The weight enters where the gradient starts: a division in the graph would cost more.
        """
        if self._channels_last:
            inputs = inputs.contiguous(memory_format=torch.channels_last)
        loss = self._loss_of(inputs, labels)
        _backward(loss, weight)
        return loss.detach()

    def _add_gradients(self, indices: Tensor, weight: Tensor) -> Tensor:
        return self.add_gradients(self.inputs_of(indices), self.labels_of(indices), weight)

    def _loss(self, inputs: Tensor, labels: Tensor) -> Tensor:
        return self._loss_sum(self.model(inputs), labels)

    def _mixed_loss(self, inputs: Tensor, labels: Tensor) -> Tensor:
        with self._cast:
            outputs = self.model(inputs)
        return self._loss_sum(outputs.float(), labels)

    def weight_of_an_item(self, items: int) -> Tensor:
        """``1 / items`` on the device."""
        weight = self._weights.get(items)
        if weight is None:
            weight = self._weights[items] = self.parameters.new_tensor(1.0 / items)
        return weight


def _backward(loss: Tensor, weight: Tensor) -> None:
    """What ``loss.backward(weight)`` comes to, without checks that take 15 us of every step."""
    _ENGINE.run_backward(
        (loss,), (weight,), False, False, (), allow_unreachable=True, accumulate_grad=True
    )


def _compiled(loss_sum: LossSum, sizes: frozenset[int]) -> "CompiledLoss | None":
    if not sizes:
        return None
    # Imported here: torch's compiler takes a second to import, and most workers compile nothing.
    from worker.training.compiled import CompiledLoss

    return CompiledLoss(loss_sum, sizes)


def _flatten(model: nn.Module) -> tuple[Tensor, Tensor]:
    """Moves parameters and gradients into two vectors and leaves views of them in the model."""
    parameters = torch.cat([flattened(_dense(one.detach())) for one in _trained(model)])
    gradients = torch.zeros_like(parameters)
    _bind(model, parameters, gradients)
    return parameters, gradients


def _bind(model: nn.Module, parameters: Tensor, gradients: Tensor) -> None:
    """Leaves views of two vectors in the model, as its parameters and their gradients."""
    start = 0
    for parameter in _trained(model):
        end = start + parameter.numel()
        layout = _dense(parameter.detach())
        parameter.data = flat_view(parameters[start:end], layout)
        parameter.grad = flat_view(gradients[start:end], layout)
        start = end


def _trained(model: nn.Module) -> list[nn.Parameter]:
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def _dense(parameter: Tensor) -> Tensor:
    """The parameter, or a contiguous copy of one that leaves gaps in memory."""
    dense = parameter.is_contiguous() or (
        parameter.dim() == 4 and parameter.is_contiguous(memory_format=torch.channels_last)
    )
    return parameter if dense else parameter.contiguous()
