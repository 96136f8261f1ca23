"""Files of checked records, one after the other: how far they are read, and which is cut off."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from backend.imports.text_lines import Progress
from backend.imports.tf_records import CutOff, Record

RECORDS_A_WORD = 2048
"""Between two of them whoever waits is told how far the reading is."""


class RecordFiles:
    """Records of several files of one format.

    Args:
        files: All that are read, which progress is measured against.
        records: Reads one of them; it raises `CutOff` after its last whole record.
        progress: Called with the bytes that are read and those of all.

    Attributes:
        cut_off: Whether the file that was read last ends in the middle of a record.
    """

    def __init__(
        self,
        files: Sequence[Path],
        records: Callable[[Path], Iterator[Record]],
        progress: Progress | None,
    ) -> None:
        self.cut_off = False
        self._records = records
        self._progress = progress
        self._done = 0
        self._whole = sum(file.stat().st_size for file in files)

    def of(self, file: Path) -> Iterator[Record]:
        """Every whole record of the next file.

        Raises:
            Refusal: One is broken; its number and first byte are said.
        """
        self.cut_off = False
        try:
            for record in self._records(file):
                if record.number % RECORDS_A_WORD == 0:
                    self._tell(record.offset)
                yield record
        except CutOff:
            self.cut_off = True
        self._done += file.stat().st_size
        self._tell(0)

    def _tell(self, offset: int) -> None:
        if self._progress is not None:
            self._progress(self._done + offset, self._whole)
