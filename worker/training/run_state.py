"""What training changes of a run: a checkpoint holds it, and a later attempt goes on from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from planner.measurements.stability import LossWatch
from planner.pilots.divergence import Rollback
from worker.codec import decode, encode
from worker.training.learner import Learner
from worker.training.sampler import Sampler, SamplerState


@dataclass(frozen=True, slots=True, kw_only=True)
class StateValues:
    """All of a run's state that is no tensor, as it was at one moment.

    Attributes:
        step: Steps done.
        samples: Of all steps done.
        rollbacks: Of those that the run came by, how many.
        trained_s: Seconds of training, earlier attempts included.
    """

    step: int
    samples: int
    sampler: SamplerState
    watch: LossWatch
    rollbacks: int
    trained_s: float

    def as_json(self) -> dict[str, Any]:
        """JSON values; whoever holds the moment may make them later, in any thread."""
        return {
            "step": self.step,
            "samples": self.samples,
            "sampler": encode(self.sampler),
            "watch": encode(self.watch),
            "rollbacks": self.rollbacks,
            "trained_s": self.trained_s,
        }


class RunState:
    """Weights, momentum, the order of the samples, all chance, and what was seen of the losses.

    Attributes:
        learner: Holds weights and momentum.
        sampler: The order of the samples.
        watch: Of the losses so far.
        step: Steps done.
        trained_before_s: Seconds of the attempts before this one that the run goes on from.
    """

    def __init__(self, learner: Learner, *, seed: int, watch: LossWatch) -> None:
        self.learner = learner
        self.watch = watch
        self.step = 0
        self.trained_before_s = 0.0
        self._rollbacks_done = 0
        self._device = learner.parameters.device
        self.sampler = self._sampler_at(SamplerState(seed=seed, epoch=0, cursor=0))

    def tensors(self) -> dict[str, Tensor]:
        """Its tensors by name; those of the learner itself, not copies."""
        tensors = {
            "parameters": self.learner.parameters,
            "momentum": self.learner.momentum,
            "generator.augmentation": self.learner.augmentation_generator.get_state(),
        }
        for name, buffer in self.learner.model.named_buffers():
            tensors[f"buffer.{name}"] = buffer
        return tensors | self.generators()

    def values(self, *, samples: int, attempt_s: float) -> StateValues:
        """Everything else.

        Args:
            samples: Of all steps done.
            attempt_s: Seconds of this attempt so far.
        """
        return StateValues(
            step=self.step,
            samples=samples,
            sampler=self.sampler.state,
            watch=self.watch,
            rollbacks=self._rollbacks_done,
            trained_s=self.trained_before_s + attempt_s,
        )

    def fits(self, step: int, tensors: Mapping[str, Tensor], values: Mapping[str, Any]) -> bool:
        """Whether a checkpoint is of this run at that step, and holds all that `restore` takes."""
        own = self.tensors()
        shapes = {name: (one.shape, one.dtype) for name, one in tensors.items() if name in own}
        if shapes != {name: (one.shape, one.dtype) for name, one in own.items()}:
            return False
        try:
            sampler = decode(SamplerState, values["sampler"])
            decode(LossWatch, values["watch"])
            float(values["trained_s"]), int(values["rollbacks"])
        except (KeyError, TypeError, ValueError):
            return False
        return values["step"] == step and sampler.seed == self.sampler.state.seed

    def restore(self, tensors: Mapping[str, Tensor], values: Mapping[str, Any]) -> None:
        """Goes back, or on, to a state as the two methods above gave it; momentum may be absent."""
        self.learner.parameters.copy_(tensors["parameters"])
        if "momentum" in tensors:
            self.learner.momentum.copy_(tensors["momentum"])
        for name, buffer in self.learner.model.named_buffers():
            buffer.copy_(tensors[f"buffer.{name}"])
        self.use_generators(tensors)
        self.learner.augmentation_generator.set_state(tensors["generator.augmentation"])
        self.sampler = self._sampler_at(decode(SamplerState, values["sampler"]))
        self.watch = decode(LossWatch, values["watch"])
        self.trained_before_s = float(values["trained_s"])
        self._rollbacks_done = int(values["rollbacks"])
        self.step = int(values["step"])

    def go_through(self, rollbacks: Sequence[Rollback]) -> None:
        """Empties the momentum buffer where an earlier or this attempt went back to.

        An attempt that starts before such a step, for want of a later checkpoint, comes by it.
        """
        for back in rollbacks[self._rollbacks_done :]:
            if back.to_step != self.step:
                break
            self.learner.momentum.zero_()
            self._rollbacks_done += 1

    def generators(self) -> dict[str, Tensor]:
        """States of torch's own generators, which every run of a process shares."""
        states = {"generator.cpu": torch.get_rng_state()}
        if self._device.type != "cpu":
            states["generator.device"] = torch.cuda.get_rng_state(self._device)
        return states

    def use_generators(self, states: Mapping[str, Tensor]) -> None:
        """Torch's own generators are this run's from now on."""
        torch.set_rng_state(states["generator.cpu"])
        if self._device.type != "cpu":
            torch.cuda.set_rng_state(states["generator.device"], self._device)

    def _sampler_at(self, state: SamplerState) -> Sampler:
        samples = len(self.learner.training[1])
        return Sampler(samples=samples, state=state, device=str(self._device))
