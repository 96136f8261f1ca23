"""One run inside a trainer: all that is its own, whether it is trained alone or beside others."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from planner.exchange.work import AttemptStart, Finish, Outcome
from planner.measurements.stability import LossWatch
from planner.pilots.divergence import Rollback, way_back
from worker.meters.panel import moment_of, panel_of
from worker.spool import Stopped
from worker.training.arithmetic import Arithmetic
from worker.training.evaluation import Evaluator
from worker.training.learner import Learner
from worker.training.run_context import RunContext
from worker.training.run_plan import RunPlan
from worker.training.run_state import RunState, StateValues
from worker.training.sampler import Sampler
from worker.training.seeds import noise_seed, stream_seed
from worker.training.series import LossBuffer, SeriesReporter
from worker.training.stage_start import StageStart
from worker.workloads.contract import Splits, TrainingWorkload


class Member:
    """One attempt, and what is done with it between two steps.

    Attributes:
        context: The run, its lease, and where its reports go.
        plan: What each of its steps does.
        learner: Its model, parameters and momentum; in a bundle they lie beside those of others,
            and the learner's own ``step`` is not used.
        state: All that a checkpoint holds, the learner's numbers included.
        evaluator: Of its model.
        losses: Of the steps that have not been taken in yet.
    """

    def __init__(self, context: RunContext, workload: TrainingWorkload, splits: Splits) -> None:
        run = context.run
        self.context = context
        self._samples = len(splits["training"][1])
        self.plan = self._laid_out()
        self.learner = Learner(
            workload,
            splits["training"],
            weights_seed=stream_seed(run.seed, "weights"),
            augmentation_seed=stream_seed(run.seed, "augmentation"),
            momentum_form=run.momentum_form,
            arithmetic=Arithmetic(
                precision=run.precision,
                compiled_sizes=self.plan.whole_micro_batches if context.compiles else frozenset(),
            ),
        )
        watch = LossWatch(guessing_loss=workload.facts.loss_of_guessing)
        self.state = RunState(self.learner, seed=run.seed, watch=watch)
        self.losses = LossBuffer(context.device)
        self.evaluator = Evaluator(workload, splits, self.learner, plan=run.micro_batch_plan)
        self._series = SeriesReporter(context, self.plan.table)
        self._panel = panel_of(context, workload, splits, self.learner)
        self._evaluated_at: int | None = None
        self._read_at: int | None = None
        self._saved_at = 0
        self._generators: Mapping[str, Tensor] = {}
        self._stage_start: StageStart | None = None
        self._first_attempt = context.attempt

    @property
    def step(self) -> int:
        """Steps done."""
        return self.state.step

    @property
    def sampler(self) -> Sampler:
        """The order of its samples."""
        return self.state.sampler

    def resume(self) -> None:
        """Goes on from the newest checkpoint that is whole, or starts afresh."""
        ranks, seed = self.context.ranks, self.context.run.seed
        torch.manual_seed(noise_seed(seed, rank=ranks.rank, step=0))
        found = self.context.latest_checkpoint(self.state.fits)
        ranks.check_same(-1 if found is None else int(found[1]["step"]))
        if found is not None:
            self._restore(*found)
            self._stage_start = StageStart.within(*found)
        self.state.go_through(self.context.run.rollbacks)
        self._generators = self.state.generators()
        self.context.resume_at(self.step)

    def begin(self, *, bundle_size: int) -> None:
        """Says where it starts, and with how many it is going to be trained, itself included."""
        self.context.report(AttemptStart(from_step=self.step, bundle_size=bundle_size))

    def take_up(self) -> None:
        """The first step comes next: torch's own generators are this run's from now on."""
        self.state.use_generators(self._generators)

    def measure(self) -> None:
        """Measures whatever is due after the last step: metrics, once, and every meter.

        Of several ranks the first does so: they share one model.
        """
        if self.context.ranks.follows:
            return
        if self.evaluation_due:
            self.take_in_metrics(self.evaluator.metrics())
        self._read_meters()

    @property
    def evaluation_due(self) -> bool:
        """Whether metrics of this step are wanted and not there yet."""
        return self.plan.evaluation_due(self.step) and self.step != self._evaluated_at

    def take_in_metrics(self, metrics: dict[str, float]) -> None:
        """Takes in what was evaluated after the last step."""
        self._series.add_evaluation(self.step, metrics)
        self._evaluated_at = self.step

    def save_when_due(self) -> None:
        """Saves at the start of a stage, at the end, and when the last checkpoint is old."""
        self.state.go_through(self.context.run.rollbacks)
        self._remember_stage_start()
        if self.plan.checkpoint_due(self.step) or self.context.checkpoint_due:
            self._save()

    def finish_at_end(self) -> None:
        """After the last planned step: reports the test metrics, looked at this once.

        A metric that is not finite is absent: the last step can break what no later loss shows.
        An attempt that another number of devices goes on from leaves the run before that.
        """
        if self.step == self.plan.until_step < self.plan.table.steps:
            self._end("released", self.step, {}, "devices_change")
            return
        if self.step < self.plan.table.steps:
            return
        metrics = {} if self.context.ranks.follows else self.evaluator.test_metrics()
        finite = {name: value for name, value in metrics.items() if math.isfinite(value)}
        self._end("succeeded", self.step, finite)

    def is_to_stop(self) -> bool:
        """Whether somebody wants the attempt to end; of several ranks the first is asked."""
        return bool(self.context.ranks.agreed(self.context.should_stop()))

    def stop(self) -> None:
        """Leaves a checkpoint of the last step behind: somebody wants the attempt to end."""
        self._save()
        self.context.report(Stopped(step=self.step, wall_clock_s=self.context.wall_clock_s))

    def take_in_losses(self, sums: list[float]) -> None:
        """Takes in the steps just made, and watches each for divergence, however many they are.

        Args:
            sums: Of the losses of each step's samples.
        """
        began = self.step
        self.state.step += len(sums)
        items = self.plan.items[began : self.step]
        losses = [total / count for total, count in zip(sums, items, strict=True)]
        self.state.watch = self.state.watch.after(losses)
        self._series.add_watch(self.state.watch)
        self._series.add_losses(began, losses[: self.state.watch.steps - began])

    def act_on_divergence(self) -> None:
        """When the loss average has left the healthy range: the run goes back, or ends there.

        What was trained after that step is not part of it.
        """
        if self.state.watch.diverged_at is None:
            return
        self._series.flush()
        run, start = self.context.run, self._stage_start
        back = None
        if start is not None:
            back = way_back(
                run.divergence.policy,
                run.rollbacks,
                at_step=self.state.watch.steps,
                to_step=start.step,
                baseline=None if run.fall_back is None else run.fall_back.schedule.name,
            )
        if start is None or back is None:
            self._end("diverged", self.state.watch.steps, {}, _why_diverged(run.rollbacks))
        else:
            self._go_back(start, back)

    def release_if_behind(self) -> None:
        """Leaves the run to another claim if it went back from those it was trained with."""
        if self.context.attempt > self._first_attempt:
            self._end("released", self.step, {}, "left_bundle")

    def wait_for_lease(self) -> None:
        """Parks while the lease may belong to somebody else.

        Raises:
            Fenced: The lease does belong to somebody else.
        """
        self.context.wait_for_lease()

    def _read_meters(self) -> None:
        """Reads them once at each evaluation, and once where a stage begins."""
        due = self.plan.evaluation_due(self.step) or self.plan.stage_due(self.step)
        if due and self.step != self._read_at:
            moment = moment_of(self.context, self.plan, self.step)
            self._series.add_meters(self.step, self._panel.read(moment))
            self._read_at = self.step
        else:
            self._panel.look()

    def _go_back(self, start: StageStart, back: Rollback) -> None:
        """Goes on from the start of the stage as the next attempt, which saves that first."""
        trained_s = self.state.trained_before_s + self.context.wall_clock_s
        self.context.roll_back(back)
        self._panel.restart()
        self.plan = self._laid_out()
        self._series = SeriesReporter(self.context, self.plan.table)
        self._restore(start.tensors, start.state)
        self.state.trained_before_s = trained_s
        self.state.go_through(self.context.run.rollbacks)
        if self.step > 0:
            self._save(again=True)

    def _remember_stage_start(self) -> None:
        """Keeps the state that a divergence sends the run back to, if its pilot wants that."""
        if self.context.run.divergence.policy == "stop":
            return
        known = self._stage_start
        begins = self.plan.stage_due(self.step) and (known is None or known.step != self.step)
        if known is None or begins:
            self._stage_start = StageStart.of(self.state.tensors(), self._values().as_json())

    def _end(
        self, outcome: Outcome, step: int, final_metrics: dict[str, float], reason: str = ""
    ) -> None:
        self.context.report(
            Finish(
                outcome=outcome,
                step=step,
                wall_clock_s=self.context.wall_clock_s,
                final_metrics=final_metrics,
                reason=reason,
            )
        )

    def _save(self, *, again: bool = False) -> None:
        if self.step == self._saved_at and not again:
            return
        self.context.wait_for_lease()
        tensors, state = self.state.tensors(), self._values().as_json
        start = self._stage_start
        if start is not None and start.step < self.step:
            tensors |= start.tensors_to_save
            state = partial(_with_stage, state, start)
        self.context.save_checkpoint(
            self.step, tensors=tensors, state=state, series=self._series.hand_over()
        )
        self._saved_at = self.step

    def _laid_out(self) -> RunPlan:
        ranks = self.context.ranks
        return RunPlan(self.context.run, training_samples=self._samples, share=ranks.share)

    def _values(self) -> StateValues:
        samples = self.plan.samples_after(self.step)
        return self.state.values(samples=samples, attempt_s=self.context.wall_clock_s)

    def _restore(self, tensors: Mapping[str, Tensor], values: Mapping[str, Any]) -> None:
        """Nothing of that step is measured or saved a second time."""
        self.state.restore(tensors, values)
        if self.context.ranks.follows:
            rank = self.context.ranks.rank  # a checkpoint holds the first one's
            torch.manual_seed(noise_seed(self.context.run.seed, rank=rank, step=self.step))
        self._saved_at = self._evaluated_at = self._read_at = self.step


def _with_stage(values: Callable[[], dict[str, Any]], start: StageStart) -> dict[str, Any]:
    return {**values(), "stage": start.state}


def _why_diverged(back: Sequence[Rollback]) -> str:
    """Message key below ``reason.``; empty where the run was never sent back."""
    if not back:
        return ""
    return "diverged_after_rollbacks" if back[-1].follows is None else "diverged_after_fall_back"
