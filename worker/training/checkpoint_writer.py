"""Writes checkpoints while training goes on: training waits for a copy in memory, not for a disk.

See ``benchmarks`` for what a checkpoint costs the training beside ``torch.save`` of the same state.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import torch
from torch import Tensor

from worker.spool import NO_ROOM
from worker.training import checkpoint
from worker.training.checkpoint import Saved

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Job:
    """A checkpoint to be written, for the arguments of `CheckpointWriter.write`."""

    folder: Path
    state: Callable[[], Mapping[str, Any]]
    first: Callable[[], None]
    saved: Callable[[Saved], None]
    copied: torch.cuda.Event | None


class CheckpointWriter:
    """At most one checkpoint is in flight; the next one waits for it.

    The copy lies in the same memory every time: fresh memory would cost more than the copy. A
    plain queue hands a checkpoint to the thread: a pool's future would cost as much again.

    A process that ends without `close` waits for nothing: what is unfinished is never believed.
    """

    def __init__(self) -> None:
        self._copy: dict[str, Tensor] = {}
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._first_done = threading.Event()
        self._idle = threading.Event()
        self._first_done.set()
        self._idle.set()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._serve, name="checkpoints", daemon=True)
        self._thread.start()

    def write(
        self,
        folder: Path,
        *,
        tensors: Mapping[str, Tensor],
        state: Callable[[], Mapping[str, Any]],
        first: Callable[[], None],
        saved: Callable[[Saved], None],
    ) -> None:
        """Takes a copy and begins to write it; the tensors may change as soon as this returns.

        Without room on the disk there is no checkpoint, and training goes on.

        Args:
            folder: As `worker.training.checkpoint.save` wants it.
            tensors: By name; on any device.
            state: Makes everything else, JSON values only, in the writer's thread.
            first: Called in the writer's thread before anything is written.
            saved: Called in the writer's thread once the checkpoint is whole.

        Raises:
            OSError: The checkpoint before this one could not be written.
        """
        self.wait()
        self._take_copy(tensors)
        copied = _event_after_copying() if _any_on_gpu(tensors) else None
        self._first_done.clear()
        self._idle.clear()
        self._jobs.put(_Job(folder, state, first, saved, copied))

    def wait_for_first(self) -> None:
        """Returns once what comes before the checkpoint in flight is done, or failed."""
        self._first_done.wait()

    def wait(self) -> None:
        """Returns once nothing is in flight.

        Raises:
            OSError: The checkpoint could not be written, and not for want of room; said once.
        """
        self._idle.wait()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def close(self) -> None:
        """Lets the checkpoint in flight come to its end, whatever that is."""
        self._jobs.put(None)
        self._thread.join()
        if self._error is not None:
            log.error("the last checkpoint was not written", exc_info=self._error)
            self._error = None

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

    def _serve(self) -> None:
        """The writer's thread."""
        while (job := self._jobs.get()) is not None:
            try:
                self._write(job)
            except Exception as error:  # noqa: BLE001 - whoever waits next raises it
                self._error = error
            finally:
                self._idle.set()

    def _write(self, job: _Job) -> None:
        try:
            job.first()
        finally:
            self._first_done.set()
        if job.copied is not None:
            job.copied.synchronize()
        try:
            written = checkpoint.save(job.folder, tensors=self._copy, state=job.state())
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            log.warning("no room for the checkpoint %s; training goes on", job.folder.name)
            return
        job.saved(written)


def _any_on_gpu(tensors: Mapping[str, Tensor]) -> bool:
    return any(tensor.is_cuda for tensor in tensors.values())


def _event_after_copying() -> torch.cuda.Event:
    """The copies are queued on the device's stream: later steps cannot overtake them."""
    event = torch.cuda.Event()  # type: ignore[no-untyped-call]
    event.record()
    return event
