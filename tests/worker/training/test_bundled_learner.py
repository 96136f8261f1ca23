"""Several learners that step at once: each does what it would do alone."""

import dataclasses
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from planner.devices.throughput import Execution
from planner.schedules.momentum import MomentumForm
from worker.training.arithmetic import Arithmetic
from worker.training.batched_loss import CrossEntropy
from worker.training.bundled_learner import BundledLearner, possible_executions
from worker.training.learner import Learner
from worker.workloads.digits_mlp import DigitsMlp

MEMBERS = 3
SAMPLES = 40
BETA = 0.9
EXECUTIONS: tuple[Execution, ...] = ("batched", "mapped")
FORMS: tuple[MomentumForm, ...] = ("heavy_ball", "normalised", "nesterov")

torch.set_num_threads(1)


class Small(DigitsMlp):
    """Eight numbers an item, three classes, and whatever model a test is about."""

    def __init__(self, make: Callable[[], nn.Module], *, shape: tuple[int, ...] = (8,)) -> None:
        self._make = make
        self.shape = shape

    def network(self) -> nn.Module:
        return self._make()

    def samples(self) -> tuple[Tensor, Tensor]:
        generator = torch.Generator().manual_seed(5)
        return (
            torch.randn(SAMPLES, *self.shape, generator=generator),
            torch.randint(0, 3, (SAMPLES,), generator=generator),
        )


def chain(activation: nn.Module, *, bias: bool = True) -> nn.Module:
    return nn.Sequential(nn.Linear(8, 6, bias=bias), activation, nn.Linear(6, 3))


CHAINS = {
    "one layer": Small(lambda: nn.Linear(8, 3)),
    "relu": Small(lambda: chain(nn.ReLU())),
    "relu in place": Small(lambda: chain(nn.ReLU(inplace=True))),
    "tanh": Small(lambda: chain(nn.Tanh())),
    "gelu": Small(lambda: chain(nn.GELU())),
    "gelu by tanh": Small(lambda: chain(nn.GELU(approximate="tanh"))),
    "no bias": Small(lambda: chain(nn.ReLU(), bias=False)),
    "two linear layers": Small(lambda: chain(nn.Identity())),
    "pictures": Small(lambda: nn.Sequential(nn.Flatten(), chain(nn.ReLU())), shape=(2, 2, 2)),
}


class Squared(Small):
    """A loss that nobody wrote a derivative for."""

    def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
        return (outputs - nn.functional.one_hot(labels, 3)).square().sum()


def learners(workload: Small, form: MomentumForm = "heavy_ball") -> list[Learner]:
    return [
        Learner(
            workload,
            workload.samples(),
            weights_seed=seed,
            augmentation_seed=0,
            momentum_form=form,
        )
        for seed in range(MEMBERS)
    ]


def orders() -> Tensor:
    """Every member's own order of the samples."""
    generator = torch.Generator().manual_seed(9)
    return torch.stack([torch.randperm(SAMPLES, generator=generator) for _ in range(MEMBERS)])


def compare(
    workload: Small,
    execution: Execution,
    *,
    form: MomentumForm = "heavy_ball",
    rates: tuple[float, ...] = (0.1, 0.05, 0.2),
    micro_batches: tuple[int, ...] = (7,),
    steps: int = 5,
) -> None:
    """Five steps alone and together: equal losses, weights and momentum."""
    alone, together = learners(workload, form), learners(workload, form)
    bundled = BundledLearner(together, execution)
    items = sum(micro_batches)
    for step in range(steps):
        beta = BETA if step < 2 else 0.8
        kept = beta if step != 2 else beta * 2.0
        indices = orders()[:, step * items : (step + 1) * items]
        how = {"micro_batches": micro_batches, "beta": beta, "kept": kept}
        expected = [
            learner.step(indices[row], rate=rates[row], **how) for row, learner in enumerate(alone)
        ]
        (batch,) = bundled.batches(indices, steps=1)
        means = bundled.step(batch, rates=torch.tensor(rates).unsqueeze(1), **how)
        torch.testing.assert_close(means, torch.stack(expected) / items, rtol=1e-5, atol=1e-6)
    for one, other in zip(alone, together, strict=True):
        assert relative_distance(other.parameters, one.parameters) < 1e-6
        assert relative_distance(other.momentum, one.momentum) < 2e-6
        in_the_model = [part.detach().reshape(-1) for part in other.model.parameters()]
        assert torch.equal(torch.cat(in_the_model), other.parameters)


def relative_distance(one: Tensor, other: Tensor) -> float:
    return float(torch.linalg.vector_norm(one - other) / torch.linalg.vector_norm(other))


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("name", CHAINS)
def test_members_of_any_chain_take_the_steps_that_they_take_alone(
    name: str, execution: Execution
) -> None:
    workload = CHAINS[name]
    assert execution in possible_executions(learners(workload)[0])
    compare(workload, execution)


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("micro_batches", [(8,), (3, 3, 2), (1,)])
def test_in_every_momentum_form_and_with_micro_batches(
    form: MomentumForm, micro_batches: tuple[int, ...], execution: Execution
) -> None:
    compare(CHAINS["relu"], execution, form=form, micro_batches=micro_batches)


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_with_a_loss_of_the_workloads_own(execution: Execution) -> None:
    compare(Squared(lambda: chain(nn.Tanh())), execution, rates=(0.01, 0.02, 0.03))


@settings(max_examples=25, deadline=None)
@given(rates=st.tuples(*[st.floats(1e-4, 0.5)] * MEMBERS))
def test_whatever_the_rates_of_the_members_are(rates: tuple[float, ...]) -> None:
    compare(CHAINS["tanh"], "batched", rates=rates)


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_a_member_that_breaks_harms_no_other(execution: Execution) -> None:
    workload = CHAINS["relu"]
    alone, together = learners(workload), learners(workload)
    together[1].parameters.fill_(float("nan"))
    bundled = BundledLearner(together, execution)
    how = {"micro_batches": (7,), "beta": BETA, "kept": BETA}
    (batch,) = bundled.batches(orders()[:, :7], steps=1)
    means = bundled.step(batch, rates=torch.full((MEMBERS, 1), 0.1), **how)
    assert torch.isfinite(means).tolist() == [True, False, True]
    for row in (0, 2):
        alone[row].step(orders()[row, :7], rate=0.1, **how)
        assert relative_distance(together[row].parameters, alone[row].parameters) < 1e-6


def test_samples_fetched_for_several_steps_are_those_of_each() -> None:
    bundled = BundledLearner(learners(CHAINS["relu"]), "batched")
    three = bundled.batches(orders()[:, :15], steps=3)
    for number, batch in enumerate(three):
        (alone,) = bundled.batches(orders()[:, 5 * number : 5 * number + 5], steps=1)
        assert torch.equal(batch.inputs, alone.inputs)
        assert torch.equal(batch.targets, alone.targets)
        assert batch.weight == alone.weight == 1 / 5


def test_cross_entropy_has_the_slopes_of_torch() -> None:
    generator = torch.Generator().manual_seed(1)
    outputs = (5 * torch.randn(2, 4, 3, generator=generator)).requires_grad_()
    labels = torch.randint(0, 3, (8,), generator=generator)
    loss = CrossEntropy(outputs.detach())
    targets = loss.targets(labels, 0.25).view(outputs.shape)
    losses, slopes = loss(outputs.detach(), targets, 0.25)
    expected = nn.functional.cross_entropy(outputs.flatten(0, 1), labels, reduction="none")
    (0.25 * expected.sum()).backward()
    torch.testing.assert_close(losses, 0.25 * expected.detach().view(2, 4).sum(1))
    torch.testing.assert_close(slopes, outputs.grad)


class Residual(nn.Module):
    """No chain."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(8, 8)
        self.outer = nn.Linear(8, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.outer(inputs + self.inner(inputs).relu())
        return outputs


class ActsUp(nn.Sequential):
    """Looks like a chain and is none."""

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = 2 * super().forward(inputs)
        return outputs


class Attentive(nn.Module):
    """Has an operation that ``vmap`` knows only as a loop over the members."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = nn.Linear(8, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        words = inputs.view(-1, 1, 4, 2)
        mixed = nn.functional.scaled_dot_product_attention(words, words, words)
        outputs: Tensor = self.outer(mixed.flatten(1))
        return outputs


def hooked() -> nn.Module:
    model = chain(nn.ReLU())
    model.register_forward_hook(lambda _model, _inputs, outputs: 2 * outputs)
    return model


def frozen() -> nn.Module:
    model = chain(nn.ReLU())
    next(model.parameters()).requires_grad_(False)
    return model


def shared() -> nn.Module:
    once = nn.Linear(8, 8)
    return nn.Sequential(once, nn.ReLU(), once, nn.Linear(8, 3))


@pytest.mark.parametrize("make", [Residual, lambda: ActsUp(chain(nn.ReLU())), hooked])
def test_what_is_no_plain_chain_is_mapped_and_not_batched(make: Callable[[], nn.Module]) -> None:
    workload = Small(make)
    assert possible_executions(learners(workload)[0]) == ("mapped",)
    compare(workload, "mapped")


@pytest.mark.parametrize(
    "make",
    [
        lambda: chain(nn.Dropout(0.5)),
        lambda: chain(nn.BatchNorm1d(6)),
        lambda: chain(nn.RReLU()),
        frozen,
        shared,
        Attentive,
    ],
    ids=["dropout", "batch statistics", "random slopes", "frozen", "shared", "looped over"],
)
def test_a_model_that_a_bundle_gets_wrong_or_gains_nothing_with_is_not_bundled(
    make: Callable[[], nn.Module],
) -> None:
    before = torch.get_rng_state()
    assert possible_executions(learners(Small(make))[0]) == ()
    assert torch.equal(torch.get_rng_state(), before)


def test_neither_augmented_samples_nor_other_arithmetic_are_bundled() -> None:
    class Augmented(Small):
        augmentation = staticmethod(lambda inputs, _generator: inputs)

    augmented = Augmented(lambda: chain(nn.ReLU()))
    assert possible_executions(learners(augmented)[0]) == ()
    learner = learners(CHAINS["relu"])[0]
    learner.arithmetic = dataclasses.replace(Arithmetic(), precision="bfloat16")
    assert possible_executions(learner) == ()
