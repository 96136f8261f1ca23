"""The disk under a log that was read: given back while the log goes on growing."""

import ctypes
import errno
import logging
import os
from pathlib import Path

FREED_AT_ONCE_BYTES = 2**20
"""Read bytes that are worth a call; less stays until the trainer is gone."""

_KEEP_SIZE, _PUNCH_HOLE = 1, 2
_NOT_HERE = frozenset({errno.EOPNOTSUPP, errno.ENOSYS})

log = logging.getLogger(__name__)


class LogSpace:
    """Frees the blocks below what was read; the writer's and the readers' places stay as they are.

    Cutting the file short would lose what is printed between the last reading and the cut.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._freed = 0
        self._possible = True

    def free_up_to(self, position: int) -> None:
        """Nothing below this byte is read again; without effect where the disk cannot do it."""
        if not self._possible or position < self._freed + FREED_AT_ONCE_BYTES:
            return
        try:
            _punch(self._path, start=self._freed, end=position)
        except OSError as error:
            if error.errno not in _NOT_HERE:
                raise
            log.info("the log keeps its place on the disk until the trainer is gone: %s", error)
            self._possible = False
        self._freed = position


def _punch(path: Path, *, start: int, end: int) -> None:
    """A hole from ``start`` to ``end``, in bytes; what is there reads as zeros.

    Raises:
        OSError: The system or the file system knows no holes.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "fallocate"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    offset = ctypes.c_int64
    library.fallocate.argtypes = (ctypes.c_int, ctypes.c_int, offset, offset)
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        how = _PUNCH_HOLE | _KEEP_SIZE
        if library.fallocate(descriptor, how, start, end - start) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)
