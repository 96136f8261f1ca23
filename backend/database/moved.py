"""A note in the data folder that its SQLite file is no longer the truth."""

from pathlib import Path

from planner.refusal import Refusal

_NAME = "paybatch.moved"


def note_moved(data_dir: Path, *, place: str) -> None:
    """Says where the database went; the file stays as it was."""
    (data_dir / _NAME).write_text(f"{place}\n", encoding="utf-8")


def refuse_moved(data_dir: Path) -> None:
    """An API that forgot its setting would go on with yesterday's data.

    Raises:
        Refusal: The database was moved; the note's removal goes back.
    """
    note = data_dir / _NAME
    if note.exists():
        place = note.read_text(encoding="utf-8").strip()
        raise Refusal("database_url", "database_moved", place=place, note=str(note))
