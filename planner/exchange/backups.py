"""Backups as people see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

BackupCause = Literal["schedule", "order", "upgrade"]
"""Message keys below ``backup.cause``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupState:
    """A copy of the whole database, as it was at one moment.

    Attributes:
        number: Counts up.
        file_name: In the folder of backups.
        made_at: Everything acknowledged before is in it.
        schema_revision: Of the tables in it; a program knows its own and those before.
        sha256: Of the file.
    """

    number: int
    file_name: str
    cause: BackupCause
    made_at: datetime
    size_bytes: int
    schema_revision: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """What there is to put back.

    Attributes:
        items: Newest first.
        every_h: Hours between two that are made by themselves; None where none are.
        kept: Of those made by themselves, and of those ordered.
    """

    items: tuple[BackupState, ...]
    every_h: float | None
    kept: int
