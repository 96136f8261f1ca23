"""Which plug-ins are installed; read from what installers wrote down, nothing is imported."""

import importlib.util
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from planner.pilots.plug_in import PlugInProblem
from planner.pilots.workload import BUILT_IN

GROUP = "paybatch.workloads"
"""Entry points of this group are workloads; their name is the workload's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugIn:
    """An entry point.

    Attributes:
        name: Of the workload.
        value: Where it is: ``module`` or ``module:thing``.
        package: Distribution that brings it.
        version: Of that distribution.
    """

    name: str
    value: str
    package: str
    version: str

    @property
    def entry(self) -> EntryPoint:
        """What loads it."""
        return EntryPoint(name=self.name, value=self.value, group=GROUP)

    @property
    def top_level(self) -> str:
        """Outermost package or module of its code."""
        return self.entry.module.partition(".")[0]

    @property
    def fingerprint(self) -> str:
        """Changes with the version and, for a package that is edited in place, with its files."""
        newest = max((path.stat().st_mtime_ns for path in _sources(self.top_level)), default=0)
        return f"{self.package} {self.version} {self.value} {newest}"


def installed() -> tuple[PlugIn, ...]:
    """Every plug-in by name; a name that two packages bring is there twice."""
    found = {
        PlugIn(
            name=entry.name,
            value=entry.value,
            package="" if entry.dist is None else entry.dist.name,
            version="" if entry.dist is None else entry.dist.version,
        )
        for entry in entry_points(group=GROUP)
    }
    return tuple(sorted(found, key=lambda one: (one.name, one.package)))


def named(name: str) -> PlugIn | PlugInProblem:
    """The plug-in of this name, or why there is none."""
    found = [one for one in installed() if one.name == name]
    if name in BUILT_IN:
        return PlugInProblem(code="name_is_built_in", params={"name": name})
    if not found:
        known = ", ".join(sorted({one.name for one in installed()})) or "-"
        return PlugInProblem(code="not_installed", params={"name": name, "known": known})
    if len(found) > 1:
        packages = ", ".join(one.package or one.value for one in found)
        return PlugInProblem(code="installed_twice", params={"name": name, "packages": packages})
    return found[0]


def _sources(top_level: str) -> list[Path]:
    """Python files of a module or package; looking for a top-level one imports nothing."""
    try:
        spec = importlib.util.find_spec(top_level)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    if folders:
        return [path for folder in folders for path in folder.rglob("*.py")]
    return [Path(spec.origin)] if spec.has_location and spec.origin else []
