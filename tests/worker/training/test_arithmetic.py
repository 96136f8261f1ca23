import pytest
import torch
from torch import Tensor, nn

from tests.worker.training.test_learner import WORKLOAD, some_samples
from worker.training.arithmetic import Arithmetic, flat_view, flattened, layout_of
from worker.training.learner import Learner

CPU = torch.device("cpu")
STEP = {"micro_batches": (20,), "rate": 0.1, "beta": 0.9, "kept": 0.9}


def a_learner(arithmetic: Arithmetic) -> Learner:
    return Learner(
        WORKLOAD,
        some_samples(),
        weights_seed=1,
        augmentation_seed=2,
        momentum_form="heavy_ball",
        arithmetic=arithmetic,
    )


def losses(learner: Learner, steps: int) -> list[float]:
    return [float(learner.step(torch.arange(20), **STEP)) for _ in range(steps)]


def test_bfloat16_learns_with_weights_that_stay_float32() -> None:
    mixed = a_learner(Arithmetic(precision="bfloat16"))
    exact = a_learner(Arithmetic())
    in_bfloat16, in_float32 = losses(mixed, 20), losses(exact, 20)
    assert mixed.parameters.dtype == mixed.gradients.dtype == torch.float32
    assert in_bfloat16[-1] < 0.9 * in_bfloat16[0]
    assert in_bfloat16 != in_float32
    assert in_bfloat16 == pytest.approx(in_float32, rel=0.02)


def test_a_parameter_with_its_channels_last_lives_in_a_flat_vector_all_the_same() -> None:
    kernel = torch.rand(4, 3, 5, 5).contiguous(memory_format=torch.channels_last)
    flat = flattened(kernel).clone()
    view = flat_view(torch.cat([torch.zeros(7), flat])[7:], kernel)
    assert torch.equal(view, kernel)
    assert view.is_contiguous(memory_format=torch.channels_last)
    assert flat.tolist() == kernel.permute(0, 2, 3, 1).reshape(-1).tolist()


class Convolution:
    """A workload of one convolution, in the layout that a GPU likes."""

    name = "convolution"
    augmentation = None

    def __init__(self, layout: torch.memory_format) -> None:
        self._layout = layout

    def make_model(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.Conv2d(6, 10, 6), nn.Flatten())
        return model.to(memory_format=self._layout)

    def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
        return nn.functional.cross_entropy(outputs, labels, reduction="sum")


def test_the_layout_of_a_model_changes_its_speed_and_not_its_path() -> None:
    generator = torch.Generator().manual_seed(5)
    images = torch.rand(20, 3, 8, 8, generator=generator)
    labels = torch.randint(0, 10, (20,), generator=generator)
    paths = []
    for layout in (torch.contiguous_format, torch.channels_last):
        learner = Learner(
            Convolution(layout),
            (images.contiguous(memory_format=layout), labels),
            weights_seed=1,
            augmentation_seed=2,
            momentum_form="heavy_ball",
        )
        paths.append(torch.tensor(losses(learner, 10)))
    torch.testing.assert_close(*paths)


def test_only_convolutions_on_a_gpu_have_their_channels_last() -> None:
    convolution = nn.Conv2d(3, 6, 3)
    assert layout_of(convolution, CPU) is torch.contiguous_format
    assert layout_of(convolution, torch.device("cuda")) is torch.channels_last
    assert layout_of(nn.Linear(3, 6), torch.device("cuda")) is torch.contiguous_format


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*torch.jit.*:DeprecationWarning")
def test_a_batch_size_costs_one_graph_and_a_rate_none() -> None:
    compiled = a_learner(Arithmetic(compiled_sizes=frozenset({20, 10})))
    plain = a_learner(Arithmetic())
    for rate, sizes in ((0.1, (20,)), (0.05, (20,)), (0.2, (10, 10)), (0.01, (13, 7))):
        step = {"micro_batches": sizes, "rate": rate, "beta": 0.9, "kept": 0.9}
        for learner in (compiled, plain):
            learner.step(torch.arange(20), **step)
    torch.testing.assert_close(compiled.parameters, plain.parameters)
    assert compiled.compiled is not None
    assert compiled.compiled.graphs == 2
    assert not compiled.compiled.warn_of_recompiles()
