import math

import pytest
import torch
from torch import Generator, Tensor

from worker.workloads.augmentation import crop_flip_rotate

ITEMS = 2000
SIDE = 32


def seeded(seed: int = 7, device: str = "cpu") -> Generator:
    return Generator(device).manual_seed(seed)


def images(items: int = ITEMS) -> Tensor:
    return torch.randint(1, 256, (items, 3, SIDE, SIDE), generator=seeded(1), dtype=torch.uint8)


def centre_of_light(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Row and column of each picture's only patch, counted from the middle."""
    light = pictures[:, 0].double()
    places = torch.arange(SIDE, dtype=torch.float64) - (SIDE - 1) / 2
    total = light.sum((1, 2))
    return (light.sum(2) @ places) / total, (light.sum(1) @ places) / total


def a_patch(row: int, column: int) -> Tensor:
    """Black pictures with a light patch of 2 x 2 pixels."""
    pictures = torch.zeros(ITEMS, 3, SIDE, SIDE, dtype=torch.uint8)
    pictures[:, :, row : row + 2, column : column + 2] = 200
    return pictures


def test_shape_and_type_stay_and_every_pixel_is_a_copy_or_black() -> None:
    before = images(50)
    after = crop_flip_rotate(before, seeded())
    assert (after.shape, after.dtype) == (before.shape, before.dtype)
    for one, other in zip(before, after, strict=True):
        assert set(other.unique().tolist()) <= {0, *one.unique().tolist()}


def test_half_of_the_images_are_mirrored() -> None:
    _, column = centre_of_light(crop_flip_rotate(a_patch(15, 23), seeded()))
    mirrored = (column < 0).double().mean().item()
    assert mirrored == pytest.approx(1 / 2, abs=4 * math.sqrt(1 / 4 / ITEMS))


def test_images_are_shifted_by_up_to_four_pixels_and_by_none_on_average() -> None:
    """A patch in the middle is hardly moved by the turn: what moves it is the shift."""
    row, column = centre_of_light(crop_flip_rotate(a_patch(15, 15), seeded()))
    deviation = math.sqrt((9**2 - 1) / 12)
    for place in (row, column):
        assert place.mean().item() == pytest.approx(0, abs=4 * deviation / math.sqrt(ITEMS))
        assert place.std().item() == pytest.approx(deviation, rel=0.05)
        assert 4 <= place.abs().max().item() <= 5.5


def test_images_are_turned_by_up_to_fifteen_degrees_either_way() -> None:
    """Two patches on a level keep their shift, and show the angle."""
    left, right = a_patch(15, 5), a_patch(15, 25)
    (row_left, column_left), (row_right, column_right) = (
        centre_of_light(crop_flip_rotate(pictures, seeded())) for pictures in (left, right)
    )
    angle = torch.rad2deg(torch.atan((row_right - row_left) / (column_right - column_left)))
    assert angle.abs().max().item() == pytest.approx(15, abs=2)
    assert angle.mean().item() == pytest.approx(0, abs=4 * 15 / math.sqrt(3 * ITEMS))
    assert angle.std().item() == pytest.approx(15 / math.sqrt(3), rel=0.05)


def test_the_same_generator_gives_the_same_images_and_the_global_one_is_not_asked() -> None:
    before = torch.get_rng_state()
    one, again = (crop_flip_rotate(images(20), seeded()) for _ in range(2))
    other = crop_flip_rotate(images(20), seeded(8))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert torch.equal(torch.get_rng_state(), before)


def test_what_happens_to_an_image_does_not_depend_on_the_batch_it_is_in() -> None:
    generator = seeded()
    whole = crop_flip_rotate(images(40), seeded())
    parts = [crop_flip_rotate(part, generator) for part in images(40).split((8, 16, 16))]
    assert torch.equal(torch.cat(parts), whole)


def test_the_given_images_are_left_alone() -> None:
    given = images(10)
    kept = given.clone()
    crop_flip_rotate(given, seeded())
    assert torch.equal(given, kept)


@pytest.mark.gpu
def test_a_gpu_augments_with_a_generator_of_its_own() -> None:
    given = images(64).cuda()
    one, again = (crop_flip_rotate(given, seeded(device="cuda")) for _ in range(2))
    assert one.device == given.device
    assert torch.equal(one, again)
    assert (one == 0).any()
