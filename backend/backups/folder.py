"""Where backups lie: each a database file, and beside it a note of what is in it."""

import json
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from backend.wire.codec import decode, encode
from planner.exchange.backups import BackupCause, BackupState

_NOTE = re.compile(r"(\d{6})-\d{8}T\d{6}Z-(schedule|order|upgrade)\.json")
_DRAFT = "draft-"

KEPT_OF_UPGRADES = 1
"""The one before the last upgrade, apart from the others, until the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is written beside a backup.

    Attributes:
        state: What people are told of it.
        order: Names the order that it was made for, so that a repeated one finds it.
    """

    state: BackupState
    order: str = ""


class BackupFolder:
    """A private folder; a backup is in it once its file has its last name, which comes last."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def notes(self) -> tuple[Note, ...]:
        """Every whole backup, newest first by number: clocks jump, numbers do not."""
        found = []
        for place in self.path.glob("*.json"):
            if _NOTE.fullmatch(place.name) and (note := self._read(place)) is not None:
                found.append(note)
        return tuple(sorted(found, key=lambda note: note.state.number, reverse=True))

    def file_of(self, state: BackupState) -> Path:
        """The database file of a backup."""
        return self.path / state.file_name

    def draft(self) -> Path:
        """Where the next backup is written; what others left unfinished is removed."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for place in self.path.glob(f"{_DRAFT}*"):
            place.unlink(missing_ok=True)
        return self.path / f"{_DRAFT}database"

    def keep(self, draft: Path, note: Note) -> Note:
        """Gives a finished draft its number and its name; it is on the disk when this returns."""
        number = 1 + max((one.state.number for one in self.notes()), default=0)
        stamp = f"{note.state.made_at:%Y%m%dT%H%M%SZ}"
        name = f"{number:06d}-{stamp}-{note.state.cause}.sqlite"
        kept = replace(note, state=replace(note.state, number=number, file_name=name))
        beside = self.path / f"{_DRAFT}note"
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(encode(kept), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace((self.path / name).with_suffix(".json"))
        draft.replace(self.path / name)
        sync_folder(self.path)
        return kept

    def rotate(self, kept: int) -> None:
        """Removes all but the newest ``kept`` of each cause; of upgrades, all but the last."""
        notes = self.notes()
        causes: tuple[BackupCause, ...] = ("schedule", "order", "upgrade")
        for cause in causes:
            most = KEPT_OF_UPGRADES if cause == "upgrade" else kept
            for note in [one for one in notes if one.state.cause == cause][most:]:
                self.remove(note.state)

    def remove(self, state: BackupState) -> None:
        """Forgets a backup: first its file, then what was noted of it."""
        self.file_of(state).unlink(missing_ok=True)
        self.file_of(state).with_suffix(".json").unlink(missing_ok=True)

    def _read(self, place: Path) -> Note | None:
        """What a note says; None where its file is not there, not whole, or it cannot be read."""
        try:
            note = decode(Note, json.loads(place.read_text(encoding="utf-8")))
            whole = place.with_suffix(".sqlite").stat().st_size == note.state.size_bytes
        except (OSError, ValueError):
            return None
        return note if whole and note.state.file_name == f"{place.stem}.sqlite" else None


def sync_folder(folder: Path) -> None:
    """Renames in a folder are on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
