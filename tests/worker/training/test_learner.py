from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from planner.devices.batch_plan import MicroBatchPlan
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.momentum import Momentum, MomentumForm, MomentumShape
from planner.schedules.schedule import Schedule, plan_steps
from worker.training.learner import Learner
from worker.workloads.digits_mlp import DigitsMlp

WORKLOAD = DigitsMlp()
RATES = (0.1, 0.1, 0.05, 0.2)
BETA = 0.9


def some_samples(items: int = 20) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(5)
    return (
        torch.rand(items, 64, generator=generator),
        torch.randint(0, 10, (items,), generator=generator),
    )


def a_learner(form: MomentumForm = "heavy_ball") -> Learner:
    return Learner(
        WORKLOAD, some_samples(), weights_seed=1, augmentation_seed=2, momentum_form=form
    )


def torch_path(
    optimiser_of: Callable[..., torch.optim.Optimizer], rates: tuple[float, ...]
) -> Tensor:
    """Parameters after one step a rate with a torch optimiser."""
    model = WORKLOAD.make_model(1)
    optimiser = optimiser_of(model.parameters())
    inputs, labels = some_samples()
    for rate in rates:
        optimiser.param_groups[0]["lr"] = rate
        optimiser.zero_grad(set_to_none=False)
        (WORKLOAD.loss_sum(model(inputs), labels) / len(labels)).backward()
        optimiser.step()
    return torch.cat([parameter.detach().reshape(-1) for parameter in model.parameters()])


def our_path(form: MomentumForm, rates: tuple[float, ...]) -> Tensor:
    learner = a_learner(form)
    for rate in rates:
        learner.step(torch.arange(20), micro_batches=(20,), rate=rate, beta=BETA, kept=BETA)
    return learner.parameters


@pytest.mark.parametrize(("form", "is_nesterov"), [("heavy_ball", False), ("nesterov", True)])
def test_a_momentum_form_takes_the_steps_of_torch(form: MomentumForm, is_nesterov: bool) -> None:
    theirs = torch_path(
        lambda parameters: torch.optim.SGD(
            parameters, lr=1.0, momentum=BETA, nesterov=is_nesterov, foreach=False
        ),
        RATES,
    )
    assert torch.equal(our_path(form, RATES), theirs)


def test_normalised_momentum_is_heavy_ball_at_the_rate_over_one_minus_beta() -> None:
    normalised = our_path("normalised", tuple(rate / (1 - BETA) for rate in RATES))
    torch.testing.assert_close(normalised, our_path("heavy_ball", RATES))


@pytest.mark.parametrize(("shape", "every_epochs"), [("linear", None), ("step", 1)])
def test_a_changing_momentum_walks_one_path_in_both_forms(
    shape: MomentumShape, every_epochs: int | None
) -> None:
    momentum = Momentum(value=0.8, shape=shape, final=0.95, every_epochs=every_epochs)

    def path(form: MomentumForm, rate: float) -> Tensor:
        schedule = Schedule(
            name="one",
            learning_rate=LearningRate(initial=rate),
            batch_size=BatchSize(initial=5),
            momentum=momentum,
        )
        table = plan_steps(schedule, training_samples=20, epochs=4, form=form)
        learner = a_learner(form)
        kept = table.momentum * table.buffer_factor
        for step in range(table.steps):
            learner.step(
                torch.arange(20),
                micro_batches=(20,),
                rate=float(table.learning_rate[step]),
                beta=float(table.momentum[step]),
                kept=float(kept[step]),
            )
        return learner.parameters

    torch.testing.assert_close(path("heavy_ball", 0.02), path("normalised", 0.02 / (1 - 0.8)))


def test_micro_batches_of_any_size_add_up_to_the_step_of_the_whole_batch() -> None:
    sizes = MicroBatchPlan(largest_micro_batch_size=7).split(20)
    assert sizes == (7, 7, 6)
    whole, split = a_learner(), a_learner()
    loss = whole.step(torch.arange(20), micro_batches=(20,), rate=0.1, beta=BETA, kept=BETA)
    loss_of_parts = split.step(
        torch.arange(20), micro_batches=sizes, rate=0.1, beta=BETA, kept=BETA
    )
    torch.testing.assert_close(loss_of_parts, loss)
    torch.testing.assert_close(split.parameters, whole.parameters)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 20), st.integers(1, 20))
def test_accumulated_parts_have_the_gradient_of_the_whole_batch(items: int, largest: int) -> None:
    sizes = MicroBatchPlan(largest_micro_batch_size=largest).split(items)
    whole, split = a_learner(), a_learner()
    for learner, parts in ((whole, (items,)), (split, sizes)):
        learner.step(torch.arange(items), micro_batches=parts, rate=0.1, beta=BETA, kept=BETA)
    distance = torch.linalg.vector_norm(split.gradients - whole.gradients)
    assert distance <= 1e-6 * torch.linalg.vector_norm(whole.gradients)


def test_the_model_lives_in_the_flat_vectors() -> None:
    learner = a_learner()
    learner.step(torch.arange(20), micro_batches=(20,), rate=0.1, beta=BETA, kept=BETA)
    in_the_model = [parameter.detach().reshape(-1) for parameter in learner.model.parameters()]
    assert torch.equal(torch.cat(in_the_model), learner.parameters)
    assert learner.parameters.numel() == (64 * 64 + 64) * 2 + 64 * 10 + 10
