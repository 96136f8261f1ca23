"""Where a worker looks for data sets, and what it says when one is not there."""

from dataclasses import dataclass
from pathlib import Path

from worker.data.sets import DataSet

SHARED_DATASETS = Path("/usr/share/datasets")
"""Where Debian's ``dataset-*`` packages put their files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPlaces:
    """Folders that a workload may read data from, and the one it may write to.

    Attributes:
        cache_dir: Prepared arrays; the workload's to fill, by several processes at once.
        data_dir: Data sets as published, given with ``--data``; None if there is no such folder.
        other_dirs: Looked at after ``data_dir``, in this order.
    """

    cache_dir: Path
    data_dir: Path | None = None
    other_dirs: tuple[Path, ...] = (SHARED_DATASETS,)

    @property
    def descriptions_dir(self) -> Path:
        """What installed plug-ins told of themselves."""
        return self.cache_dir / "plug-ins"

    @property
    def searched(self) -> tuple[Path, ...]:
        """Folders with published data sets, first choice first."""
        return (() if self.data_dir is None else (self.data_dir,)) + self.other_dirs


class DataMissing(Exception):
    """A data set is not on this computer; the message says how to get it."""

    def __init__(self, data_set: DataSet, places: DataPlaces) -> None:
        looked = ", ".join(str(folder) for folder in places.searched) or "no folder"
        super().__init__(
            f"{data_set.title} is not on this worker's computer (looked in {looked}). "
            f"To get it: {how_to_get(data_set)}."
        )


def how_to_get(data_set: DataSet) -> str:
    """Every way to a data set, as commands."""
    files = ", ".join(file.name for file in data_set.files)
    ways = [
        f"run 'paybatch data fetch {data_set.name}'",
        f"or give 'paybatch up --data DIR' the folder with {files}",
    ]
    if data_set.debian_package:
        ways.append(f"or on Debian 'apt-get install {data_set.debian_package}'")
    return ", ".join(ways)


def find(data_set: DataSet, places: DataPlaces) -> dict[str, Path] | None:
    """Paths of a set's files by name, all from one folder; None where no folder has them all.

    They lie in a folder of the set's name, or straight in the one that is searched. Cheap: nothing
    is opened.
    """
    for root in places.searched:
        for folder in (root / data_set.name, root):
            paths = {file.name: folder / file.name for file in data_set.files}
            if all(path.is_file() for path in paths.values()):
                return paths
    return None


def found(data_set: DataSet, places: DataPlaces) -> dict[str, Path]:
    """The same for somebody who cannot go on without.

    Raises:
        DataMissing: No folder has them all.
    """
    paths = find(data_set, places)
    if paths is None:
        raise DataMissing(data_set, places)
    return paths
