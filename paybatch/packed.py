"""Files and folders as the one file that is sent."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def as_file(path: Path) -> Iterator[Path]:
    """A file as it is; a folder as an archive of its files."""
    if path.is_file():
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / f"{path.name}.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for found in sorted(path.rglob("*")):
                if found.is_file() and not found.is_symlink():
                    archive.write(found, found.relative_to(path.parent))
        yield packed
