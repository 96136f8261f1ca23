"""How often the kernel ended a process of this control group for want of memory.

The kernel says so nowhere else that a program without rights may read: the process itself is gone.
"""

import re
from pathlib import Path

_COUNT = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)
_GROUPS = Path("proc/self/cgroup")
_VERSION_2 = Path("sys/fs/cgroup")
_VERSION_1 = Path("sys/fs/cgroup/memory")


def kernel_kills(root: Path = Path("/")) -> int | None:
    """Processes that the kernel ended for want of memory so far; None where it does not count them.

    That of the nearest group that is seen from here counts, since a container sees its own as the
    root; version 2 before 1. Source: Documentation/admin-guide/cgroup-v2.rst, ``memory.events``.
    """
    try:
        groups = (root / _GROUPS).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    for file in _counters(root, groups):
        try:
            found = _COUNT.search(file.read_text(encoding="utf-8"))
        except OSError:
            continue
        if found is not None:
            return int(found[1])
    return None


def _counters(root: Path, groups: list[str]) -> list[Path]:
    """Files that may hold the count, the nearest first; lines are ``number:controllers:path``."""
    listed = []
    for line in sorted(groups, key=lambda line: not line.startswith("0::")):
        _, controllers, group = line.split(":", 2)
        version_2 = not controllers
        if not version_2 and "memory" not in controllers.split(","):
            continue
        place = root / (_VERSION_2 if version_2 else _VERSION_1)
        name = "memory.events" if version_2 else "memory.oom_control"
        listed += [place / group.lstrip("/") / name, place / name]
    return listed
