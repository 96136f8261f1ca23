import numpy as np
import pytest

from tests.worker.meters.quadratic import Distance, Quadratic, a_loss, a_moment, samples_of
from worker.meters.noise import NoiseMeter


def readings(samples, *, seed, steps):
    workload, model = Quadratic(), Distance()
    meter = NoiseMeter(a_loss(workload, model), samples, seed=seed)
    read = [meter.read(a_moment(step=step)) for step in range(steps)]
    noise = np.array([one["gradient_noise"] for one in read])
    square = np.array([one["gradient_square"] for one in read])
    return noise, square, workload.true_noise(samples), workload.true_square(model, samples)


def off_by_standard_errors(values, truth):
    return abs(values.mean() - truth) / (values.std(ddof=1) / np.sqrt(len(values)))


@pytest.mark.parametrize("count", [100, 520, 5000])
def test_noise_and_gradient_are_right_on_average_however_small_the_data(count):
    noise, square, true_noise, true_square = readings(samples_of(count), seed=1, steps=300)
    assert off_by_standard_errors(noise, true_noise) < 4
    assert off_by_standard_errors(square, true_square) < 4


def test_readings_of_one_seed_and_step_are_the_same():
    first = readings(samples_of(600), seed=1, steps=2)
    again = readings(samples_of(600), seed=1, steps=2)
    other = readings(samples_of(600), seed=2, steps=2)
    assert first[0].tolist() == again[0].tolist()
    assert first[0].tolist() != other[0].tolist()


def test_data_too_few_to_draw_from_are_not_measured():
    meter = NoiseMeter(a_loss(Quadratic(), Distance()), samples_of(15), seed=1)
    assert meter.read(a_moment()) == {"gradient_noise": None, "gradient_square": None}


def test_samples_that_are_all_alike_have_no_noise():
    meter = NoiseMeter(a_loss(Quadratic(), Distance()), samples_of(64, spread=0.0), seed=1)
    assert meter.read(a_moment())["gradient_noise"] == pytest.approx(0.0, abs=1e-3)
