import pytest
import torch
from torch import nn

from planner.measurements.mechanics import Ball
from tests.worker.meters.quadratic import Distance, Quadratic, a_loss, a_moment, samples_of
from worker.meters.curvature import CurvatureMeter
from worker.meters.eigenvalue import largest_eigenvalue
from worker.meters.probe_loss import ProbeLoss


def a_meter(workload, model=None, form="heavy_ball"):
    return CurvatureMeter(a_loss(workload, model or Distance()), samples_of(32), form=form, seed=1)


def test_the_curvature_of_a_quadratic_is_its_largest_eigenvalue():
    moment = a_moment(after=Ball(learning_rate=0.1, beta=0.9))
    read = a_meter(Quadratic((0.5, 1.0, 2.0, 8.0))).read(moment)
    assert read["curvature"] == pytest.approx(8.0, rel=1e-5)
    assert read["curvature_ratio"] == pytest.approx(0.1 * 8 / (2 * (1 + 0.9)), rel=1e-5)


def test_nesterovs_form_has_the_higher_ratio():
    moment = a_moment(after=Ball(learning_rate=0.1, beta=0.9))
    read = a_meter(Quadratic(), form="nesterov").read(moment)
    assert read["curvature_ratio"] == pytest.approx(0.1 * 8 * 2.8 / 3.8, rel=1e-5)


def test_a_larger_negative_eigenvalue_does_not_hide_the_largest():
    read = a_meter(Quadratic((-9.0, -2.0, 0.5, 3.0))).read(a_moment())
    assert read["curvature"] == pytest.approx(3.0, rel=1e-5)


def test_later_readings_begin_where_the_last_one_ended():
    meter = a_meter(Quadratic())
    first = meter.read(a_moment())
    assert meter.read(a_moment(step=1)) == pytest.approx(first, rel=1e-4)


@pytest.mark.parametrize("size", [5, 40])
def test_few_products_come_near_the_largest_eigenvalue_and_never_above(size):
    chance = torch.Generator().manual_seed(size)
    turn = torch.linalg.qr(torch.randn(size, size, generator=chance))[0]
    values = torch.linspace(0.1, 1.0, size)
    values[-1] = 2.0
    matrix = turn @ torch.diag(values) @ turn.T
    found, vector = largest_eigenvalue(
        lambda one: matrix @ one, torch.randn(size, generator=chance), products=8
    )
    assert 1.9 < found < 2.0 * (1 + 1e-5)
    assert float(vector.norm()) == pytest.approx(1.0, rel=1e-5)


class Flat(torch.autograd.Function):
    """A layer that has a first derivative only."""

    @staticmethod
    def forward(_ctx, inputs):
        return inputs.clone()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(_ctx, gradient):
        return gradient.clone()


class OnlyOnce(Distance):
    def forward(self, centres):
        return Flat.apply(super().forward(centres))


def test_a_model_without_a_second_derivative_is_not_measured():
    meter = a_meter(Quadratic(), OnlyOnce())
    nothing = {"curvature": None, "curvature_ratio": None}
    assert meter.read(a_moment()) == nothing == meter.read(a_moment(step=1))


def test_a_loss_that_is_not_finite_is_not_measured():
    model = Distance()
    model.place.data.fill_(float("nan"))
    broken = Quadratic()
    broken.matrix = broken.matrix * float("nan")
    assert a_meter(broken, model).read(a_moment())["curvature"] is None


class WithSpare(Distance):
    """One of its parameters is not in the loss."""

    def __init__(self):
        super().__init__()
        self.spare = nn.Parameter(torch.ones(3))


def test_a_parameter_that_the_loss_does_not_need_changes_nothing():
    assert a_meter(Quadratic(), WithSpare()).read(a_moment())["curvature"] == pytest.approx(8.0)


class Attention(nn.Module):
    """Fused attention has no second derivative on a CPU."""

    def __init__(self):
        super().__init__()
        self.mix = nn.Linear(8, 24)

    def forward(self, inputs):
        parts = [part.unsqueeze(0).unsqueeze(0) for part in self.mix(inputs).chunk(3, dim=-1)]
        return nn.functional.scaled_dot_product_attention(*parts)


class SquaredOutputs:
    def loss_sum(self, outputs, _labels):
        return outputs.square().sum()


def test_attention_is_measured_too():
    torch.manual_seed(0)
    loss = ProbeLoss(SquaredOutputs(), Attention())
    meter = CurvatureMeter(loss, (torch.randn(6, 8), torch.zeros(6)), form="heavy_ball", seed=1)
    assert meter.read(a_moment())["curvature"] > 0
