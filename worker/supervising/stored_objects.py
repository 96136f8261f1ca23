"""What lies in a store of objects below one run: its checkpoints, whole and unfinished."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MANIFEST = "complete.json"
"""Written after a checkpoint's files, which it names with their sizes."""

Age = tuple[int, int]
"""Attempt and step: what is newer is higher."""

_NAMED = re.compile(r"a([0-9]+)/step-([0-9]+)/([^/]+)")


@dataclass(slots=True, kw_only=True)
class Stored:
    """One checkpoint, or what is there of one.

    Attributes:
        files: Its objects but one.
        manifest: The one that makes it a checkpoint; None while it is unfinished.
    """

    files: list[str] = field(default_factory=list)
    manifest: str | None = None


def age_of(name: str, *, run: str) -> Age | None:
    """Attempt and step of the checkpoint that an object of a run belongs to; None of others."""
    named = _NAMED.fullmatch(name.removeprefix(f"{run}/"))
    return (int(named[1]), int(named[2])) if named else None


def stored_below(run: str, names: Iterable[str]) -> dict[Age, Stored]:
    """The checkpoints that a listing shows; what somebody put beside them is left out."""
    found: dict[Age, Stored] = {}
    for name in names:
        age = age_of(name, run=run)
        if age is not None:
            one = found.setdefault(age, Stored())
            if name.endswith(f"/{MANIFEST}"):
                one.manifest = name
            else:
                one.files.append(name)
    return found


def manifest_of(sizes: dict[str, int]) -> bytes:
    """The manifest of a checkpoint whose files have these sizes in bytes."""
    return json.dumps({"files": sizes}, sort_keys=True).encode()


def sizes_in(manifest: bytes) -> dict[str, int] | None:
    """Sizes in bytes by name of file; None for what is no manifest."""
    try:
        files = json.loads(manifest)["files"]
        sizes = {str(name): int(size_bytes) for name, size_bytes in files.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    plain = all("/" not in name and name not in ("", ".", "..") for name in sizes)
    return sizes if sizes and plain else None
