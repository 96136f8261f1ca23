"""What the kernel counts of processes that it ended for want of memory, as it lays it out."""

from pathlib import Path

import pytest

from worker.supervising.kernel_kills import kernel_kills

VERSION_2 = {
    "proc/self/cgroup": "0::/paybatch\n",
    "sys/fs/cgroup/paybatch/memory.events": "low 0\nhigh 0\nmax 8\noom 2\noom_kill 2\n",
    "sys/fs/cgroup/memory.events": "oom_kill 5\n",
}
SEEN_FROM_A_CONTAINER = {
    "proc/self/cgroup": "0::/\n",
    "sys/fs/cgroup/memory.events": "oom 3\noom_kill 3\noom_group_kill 1\n",
}
VERSION_1 = {
    "proc/self/cgroup": "4:memory:/paybatch\n1:cpu:/\n0::/\n",
    "sys/fs/cgroup/memory/paybatch/memory.oom_control": "oom_kill_disable 0\noom_kill 1\n",
}
UNCOUNTED = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cgroup.procs": "1\n"}


@pytest.mark.parametrize(
    ("files", "count"),
    [(VERSION_2, 2), (SEEN_FROM_A_CONTAINER, 3), (VERSION_1, 1), (UNCOUNTED, None), ({}, None)],
)
def test_the_nearest_group_that_counts_is_believed(
    tmp_path: Path, files: dict[str, str], count: int | None
) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert kernel_kills(tmp_path) == count
