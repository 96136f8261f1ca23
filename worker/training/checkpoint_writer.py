"""Writes checkpoints while training goes on: training waits for a copy in memory, not for a disk.

See ``benchmarks`` for what a checkpoint costs the training beside ``torch.save`` of the same state.
"""

import errno
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from worker.training import checkpoint
from worker.training.checkpoint import Saved

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

log = logging.getLogger(__name__)


class CheckpointWriter:
    """At most one checkpoint is in flight; the next one waits for it.

    The copy lies in the same memory every time: fresh memory would cost more than the copy.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoints")
        self._in_flight: Future[None] | None = None
        self._copy: dict[str, Tensor] = {}
        self._first_done = threading.Event()
        self._first_done.set()

    def write(
        self,
        folder: Path,
        *,
        tensors: Mapping[str, Tensor],
        state: Mapping[str, Any],
        first: Callable[[], None],
        saved: Callable[[Saved], None],
    ) -> None:
        """Takes a copy and begins to write it; the tensors may change as soon as this returns.

        Without room on the disk there is no checkpoint, and training goes on.

        Args:
            folder: As `worker.training.checkpoint.save` wants it.
            tensors: By name; on any device.
            state: Everything else; JSON values only, left alone from now on.
            first: Called in the writer's thread before anything is written.
            saved: Called in the writer's thread once the checkpoint is whole.

        Raises:
            OSError: The checkpoint before this one could not be written.
        """
        self.wait()
        self._take_copy(tensors)
        copied = _event_after_copying() if _any_on_gpu(tensors) else None
        self._first_done.clear()
        self._in_flight = self._thread.submit(self._write, folder, state, first, saved, copied)

    def wait_for_first(self) -> None:
        """Returns once what comes before the checkpoint in flight is done, or failed."""
        self._first_done.wait()

    def wait(self) -> None:
        """Returns once nothing is in flight.

        Raises:
            OSError: The checkpoint could not be written, and not for want of room; said once.
        """
        in_flight, self._in_flight = self._in_flight, None
        if in_flight is not None:
            in_flight.result()

    def close(self) -> None:
        """Lets the checkpoint in flight come to its end, whatever that is."""
        in_flight, self._in_flight = self._in_flight, None
        if in_flight is not None and (error := in_flight.exception()) is not None:
            log.error("the last checkpoint was not written", exc_info=error)
        self._thread.shutdown()

    def _take_copy(self, tensors: Mapping[str, Tensor]) -> None:
        """Copies into the memory of the last copy where it fits; pinned for those on a GPU."""
        self._copy = {name: self._place(name, tensor) for name, tensor in tensors.items()}
        for name, tensor in tensors.items():
            self._copy[name].copy_(tensor.detach(), non_blocking=True)

    def _place(self, name: str, tensor: Tensor) -> Tensor:
        place = self._copy.get(name)
        if place is not None and (place.shape, place.dtype) == (tensor.shape, tensor.dtype):
            return place
        return torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=tensor.is_cuda)

    def _write(
        self,
        folder: Path,
        state: Mapping[str, Any],
        first: Callable[[], None],
        saved: Callable[[Saved], None],
        copied: torch.cuda.Event | None,
    ) -> None:
        try:
            first()
        finally:
            self._first_done.set()
        if copied is not None:
            copied.synchronize()
        try:
            written = checkpoint.save(folder, tensors=self._copy, state=state)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            log.warning("no room for the checkpoint %s; training goes on", folder.name)
            return
        saved(written)


def _any_on_gpu(tensors: Mapping[str, Tensor]) -> bool:
    return any(tensor.is_cuda for tensor in tensors.values())


def _event_after_copying() -> torch.cuda.Event:
    """The copies are queued on the device's stream: later steps cannot overtake them."""
    event = torch.cuda.Event()  # type: ignore[no-untyped-call]
    event.record()
    return event
