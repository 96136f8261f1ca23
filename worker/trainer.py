"""One attempt at a run: from its newest checkpoint to the end of its planned epochs."""

import math
from typing import Any

import torch
from torch import Tensor

from planner.stability import LossWatch
from planner.work import AttemptStart, Finish, Outcome
from worker.codec import decode, encode
from worker.data.places import DataPlaces
from worker.evaluation import Evaluator
from worker.learner import Learner
from worker.run_context import RunContext
from worker.run_plan import RunPlan
from worker.sampler import Sampler, SamplerState
from worker.seeds import stream_seed
from worker.series import CHUNK_STEPS, LossBuffer, SeriesReporter
from worker.spool import Stopped
from worker.workloads.contract import TrainingWorkload


def train(context: RunContext, workload: TrainingWorkload, *, places: DataPlaces) -> None:
    """Trains until the run ends, diverges or somebody asks to stop; reports all of it."""
    training = Training(context, workload, places=places)
    training.resume()
    while True:
        training.evaluate_when_due()
        training.save_when_due()
        if training.at_end:
            return training.finish()
        if context.should_stop():
            return training.stop()
        training.advance()
        if training.diverged:
            return training.give_up()
        context.wait_for_lease()


class Training:
    """The state of one attempt, and what is done with it between and beside the steps."""

    def __init__(
        self, context: RunContext, workload: TrainingWorkload, *, places: DataPlaces
    ) -> None:
        run, device = context.run, context.device
        splits = {
            name: (inputs.to(device), labels.to(device))
            for name, (inputs, labels) in workload.load(places).items()
        }
        self._context = context
        self._samples = len(splits["training"][1])
        self._plan = RunPlan(run, training_samples=self._samples)
        self._sampler = Sampler(
            samples=self._samples,
            state=SamplerState(seed=run.seed, epoch=0, cursor=0),
            device=device,
        )
        self._learner = Learner(
            workload,
            splits["training"],
            weights_seed=stream_seed(run.seed, "weights"),
            augmentation_seed=stream_seed(run.seed, "augmentation"),
            momentum_form=run.momentum_form,
        )
        self._evaluator = Evaluator(workload, splits, self._learner)
        self._losses = LossBuffer(device)
        self._series = SeriesReporter(context, self._plan.table)
        self._watch = LossWatch(guessing_loss=workload.facts.loss_of_guessing)
        self._step = 0
        self._evaluated_at: int | None = None
        self._saved_at = 0
        self._trained_before_s = 0.0
        torch.manual_seed(stream_seed(run.seed, "noise"))

    def resume(self) -> None:
        """Goes on from the newest checkpoint that is whole, or starts afresh."""
        found = self._context.latest_checkpoint()
        if found is not None:
            self._restore(*found)
        self._context.resume_at(self._step)
        self._context.report(AttemptStart(from_step=self._step))

    @property
    def at_end(self) -> bool:
        """Whether all planned epochs are done."""
        return self._step == self._plan.table.steps

    @property
    def diverged(self) -> bool:
        """Whether the loss average has left the healthy range."""
        return self._watch.diverged_at is not None

    def evaluate_when_due(self) -> None:
        """Evaluates the metrics, once, after each step that the run's evaluations name."""
        if self._plan.evaluation_due(self._step) and self._step != self._evaluated_at:
            self._series.add_evaluation(self._step, self._evaluator.metrics())
            self._evaluated_at = self._step

    def save_when_due(self) -> None:
        """Saves at the start of a stage, at the end, and when the last checkpoint is old."""
        if self._plan.checkpoint_due(self._step) or self._context.checkpoint_due:
            self._save()

    def advance(self) -> None:
        """Takes steps until something else is due."""
        context, plan, learner, sampler = self._context, self._plan, self._learner, self._sampler
        step = self._step
        end = min(plan.next_boundary(step), step + CHUNK_STEPS)
        context.start_clock()
        while step < end:
            items = plan.items[step]
            loss = learner.step(
                sampler.take(items),
                micro_batches=plan.split[items],
                rate=plan.rate[step],
                beta=plan.beta[step],
                kept=plan.kept[step],
            )
            self._losses.append(loss)
            step += 1
            if context.wants_attention(step):
                break
        self._take_in_losses(self._step)
        self._step = step

    def finish(self) -> None:
        """The run came to its end: reports the test metrics, the only time they are looked at.

        A metric that is not finite is absent: the last step can break what no later loss shows.
        """
        metrics = self._evaluator.test_metrics()
        finite = {name: value for name, value in metrics.items() if math.isfinite(value)}
        self._end("succeeded", self._step, finite)

    def give_up(self) -> None:
        """The run diverged; what was trained after that step is not part of it."""
        self._series.flush()
        self._end("diverged", self._watch.steps, {})

    def stop(self) -> None:
        """Somebody asked: leaves a checkpoint of the last step behind."""
        self._save()
        self._context.report(Stopped(step=self._step, wall_clock_s=self._context.wall_clock_s))

    def _end(self, outcome: Outcome, step: int, final_metrics: dict[str, float]) -> None:
        self._context.report(
            Finish(
                outcome=outcome,
                step=step,
                wall_clock_s=self._context.wall_clock_s,
                final_metrics=final_metrics,
            )
        )

    def _take_in_losses(self, from_step: int) -> None:
        """Watches for divergence step by step, however many steps the losses waited."""
        sums = self._losses.drain()
        items = self._plan.items[from_step : from_step + len(sums)]
        losses = [total / count for total, count in zip(sums, items, strict=True)]
        self._watch = self._watch.after(losses)
        self._series.add_losses(from_step, losses[: self._watch.steps - from_step])

    def _save(self) -> None:
        if self._step == self._saved_at:
            return
        self._context.wait_for_lease()
        self._series.flush()
        self._context.save_checkpoint(self._step, tensors=self._tensors(), state=self._state())
        self._saved_at = self._step

    def _tensors(self) -> dict[str, Tensor]:
        tensors = {
            "parameters": self._learner.parameters,
            "momentum": self._learner.momentum,
            "generator.cpu": torch.get_rng_state(),
            "generator.augmentation": self._learner.augmentation_generator.get_state(),
        }
        if self._context.device != "cpu":
            tensors["generator.device"] = torch.cuda.get_rng_state(self._context.device)
        for name, buffer in self._learner.model.named_buffers():
            tensors[f"buffer.{name}"] = buffer
        return tensors

    def _state(self) -> dict[str, Any]:
        return {
            "step": self._step,
            "samples": int(self._plan.table.items[: self._step].sum()),
            "sampler": encode(self._sampler.state),
            "watch": encode(self._watch),
            "trained_s": self._trained_before_s + self._context.wall_clock_s,
        }

    def _restore(self, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
        self._learner.parameters.copy_(tensors["parameters"])
        self._learner.momentum.copy_(tensors["momentum"])
        for name, buffer in self._learner.model.named_buffers():
            buffer.copy_(tensors[f"buffer.{name}"])
        torch.set_rng_state(tensors["generator.cpu"])
        self._learner.augmentation_generator.set_state(tensors["generator.augmentation"])
        if self._context.device != "cpu":
            torch.cuda.set_rng_state(tensors["generator.device"], self._context.device)
        self._sampler = Sampler(
            samples=self._samples,
            state=decode(SamplerState, state["sampler"]),
            device=self._context.device,
        )
        self._watch = decode(LossWatch, state["watch"])
        self._trained_before_s = float(state["trained_s"])
        self._step = self._saved_at = self._evaluated_at = int(state["step"])
