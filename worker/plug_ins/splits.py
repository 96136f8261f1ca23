"""The data of a plug-in: checked, and made into tensors that can be trained on."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from worker.plug_ins.problem import PlugInWrong, shown, type_name
from worker.workloads.contract import Splits

NAMES = ("training", "validation", "test")


def checked_splits(given: object) -> Splits:
    """What ``load()`` gave as tensors on the CPU.

    Floating-point numbers become float32 and whole numbers int64; bytes stay bytes in inputs.

    Raises:
        PlugInWrong: It cannot be trained on.
    """
    if not isinstance(given, Mapping) or not set(NAMES) <= set(given):
        raise PlugInWrong("splits_wrong", got=shown(given))
    splits = {name: _split(name, given[name]) for name in NAMES}
    for place, part in enumerate(("inputs", "labels")):
        _check_one_shape({name: split[place] for name, split in splits.items()}, part)
    return splits


def classes_of(splits: Splits, stated: int | None) -> int:
    """Number of classes of whole-number labels.

    Raises:
        PlugInWrong: They are not numbered from 0, or not as stated.
    """
    largest = 0
    for name, (_, labels) in splits.items():
        if int(labels.min()) < 0:
            raise PlugInWrong("labels_negative", split=name, smallest=int(labels.min()))
        largest = max(largest, int(labels.max()))
    if stated is not None and stated <= largest:
        raise PlugInWrong("classes_wrong", classes=stated, largest=largest, needed=largest + 1)
    if stated is None and largest == 0:
        raise PlugInWrong("one_class")
    return stated or largest + 1


def are_classes(labels: Tensor) -> bool:
    """Whether labels are one whole number a sample."""
    return labels.dim() == 1 and not labels.is_floating_point()


def _split(name: str, given: object) -> tuple[Tensor, Tensor]:
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise PlugInWrong("split_wrong", split=name, got=shown(given))
    inputs, labels = (
        _tensor(name, part, value) for part, value in zip(("inputs", "labels"), given, strict=True)
    )
    if len(inputs) != len(labels):
        raise PlugInWrong("lengths_differ", split=name, inputs=len(inputs), labels=len(labels))
    if len(inputs) == 0:
        raise PlugInWrong("split_empty", split=name)
    return inputs, labels


def _tensor(split: str, part: str, value: object) -> Tensor:
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "fiub":
            raise PlugInWrong("dtype_wrong", split=split, part=part, dtype=value.dtype)
        wide = value.dtype.kind == "u" and value.dtype.itemsize > 1
        value = torch.from_numpy(np.array(value, dtype=np.int64 if wide else value.dtype))
    if not isinstance(value, Tensor) or value.dim() == 0 or value.layout != torch.strided:
        raise PlugInWrong("split_wrong", split=split, got=shown(value))
    if value.is_complex():
        raise PlugInWrong("dtype_wrong", split=split, part=part, dtype=type_name(value))
    return _trainable(split, part, value.detach().cpu())


def _trainable(split: str, part: str, tensor: Tensor) -> Tensor:
    if not tensor.is_floating_point():
        stays = part == "inputs" and tensor.dtype == torch.uint8
        return tensor if stays else tensor.long()
    wrong = int((~torch.isfinite(tensor)).sum())
    if wrong:
        raise PlugInWrong("data_not_finite", split=split, part=part, count=wrong)
    return tensor.float().contiguous()


def _check_one_shape(parts: Mapping[str, Tensor], part: str) -> None:
    expected = list(parts["training"].shape[1:])
    for split, tensor in parts.items():
        got = list(tensor.shape[1:])
        if got != expected:
            raise PlugInWrong("shapes_differ", part=part, split=split, got=got, expected=expected)
