"""What is wrong with a plug-in, by a code that has words in every language."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from torch import Tensor

from planner.pilots.plug_in import PlugInProblem
from worker.plug_ins.words import sentence_of

_LONGEST_TEXT = 300


class PlugInWrong(Exception):
    """A plug-in breaks its contract.

    Attributes:
        problem: What is wrong, for people of every language.
    """

    def __init__(self, code: str, **params: object) -> None:
        texts = {name: _short(str(value)) for name, value in params.items()}
        self.problem = PlugInProblem(code=code, params=texts)
        super().__init__(sentence_of(self.problem))


@contextmanager
def blamed_on(part: str) -> Iterator[None]:
    """Whatever goes wrong inside was done by a part of the plug-in."""
    try:
        yield
    except PlugInWrong:
        raise
    except (Exception, SystemExit) as error:
        raise PlugInWrong("raised", part=part, error=one_line(error)) from error


def one_line(error: BaseException) -> str:
    """Kind and text of an error, without its line breaks."""
    text = " ".join(str(error).split()).rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def shown(value: object) -> str:
    """What a plug-in gave, as code would name it."""
    if isinstance(value, Tensor):
        return f"Tensor{list(value.shape)} {type_name(value)}"
    if isinstance(value, np.ndarray):
        return f"ndarray{list(value.shape)} {value.dtype}"
    if isinstance(value, dict):
        return "dict with " + ", ".join(repr(key) for key in value)
    if isinstance(value, tuple | list):
        return f"{type(value).__name__} of {len(value)}"
    return repr(value) if value is None else type(value).__name__


def type_name(tensor: Tensor) -> str:
    """``float32`` and the like."""
    return str(tensor.dtype).removeprefix("torch.")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]} …"
