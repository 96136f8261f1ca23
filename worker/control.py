"""A few numbers that supervisor and trainer share through memory, free to read in every step."""

import mmap
import time
from pathlib import Path

_DEADLINE, _FENCED, _STEP, _STOP = range(4)
_SIZE_BYTES = 8 * 4


class Control:
    """One attempt's shared numbers, kept in a file that both processes map.

    Each number is eight aligned bytes and has one writer, so that no reader sees half of it.
    """

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._mapped = mmap.mmap(file.fileno(), _SIZE_BYTES)
        self._numbers = memoryview(self._mapped).cast("d")

    @classmethod
    def create(cls, path: Path, *, deadline: float) -> "Control":
        """Makes the file; the supervisor does so before it starts the trainer."""
        path.write_bytes(bytes(_SIZE_BYTES))
        control = cls(path)
        control.extend(deadline)
        return control

    def close(self) -> None:
        """Lets go of the file."""
        self._numbers.release()
        self._mapped.close()

    @property
    def deadline(self) -> float:
        """Monotonic second until which the trainer may go on."""
        return float(self._numbers[_DEADLINE])

    def extend(self, deadline: float) -> None:
        """The supervisor moves the deadline, after a beat that the API accepted."""
        self._numbers[_DEADLINE] = deadline

    @property
    def past_deadline(self) -> bool:
        """Whether the lease may have passed to somebody else."""
        return time.monotonic() > float(self._numbers[_DEADLINE])

    def calls_after(self, step: int, *, now: float) -> bool:
        """Notes that ``step`` steps are done; whether the lease may be over or a stop is asked."""
        numbers = self._numbers
        numbers[_STEP] = step
        return now > numbers[_DEADLINE] or numbers[_STOP] != 0.0

    @property
    def fenced(self) -> bool:
        """Whether the attempt belongs to somebody else for good."""
        return float(self._numbers[_FENCED]) != 0.0

    def fence(self) -> None:
        """The supervisor tells the trainer to leave without a word.

        The deadline is past then, too: it is the number that a trainer reads in every step.
        """
        self._numbers[_FENCED] = 1.0
        self._numbers[_DEADLINE] = 0.0

    @property
    def stop_asked(self) -> bool:
        """Whether this attempt is to end at the next step boundary, and leave a checkpoint."""
        return self._numbers[_STOP] != 0.0

    def ask_to_stop(self) -> None:
        """The supervisor wants this attempt to leave, whatever becomes of others beside it."""
        self._numbers[_STOP] = 1.0

    @property
    def step(self) -> int:
        """Steps that the trainer has done."""
        return int(self._numbers[_STEP])

    @step.setter
    def step(self, step: int) -> None:
        self._numbers[_STEP] = step
