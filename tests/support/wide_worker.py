"""A worker with rank hosts: ``python -m tests.support.wide_worker SETTINGS PORT``, two files.

It reads its settings from the first and writes into the second on which port it waits for them.
"""

import json
import sys
from functools import partial
from pathlib import Path

from worker.codec import decode
from worker.main import carry_out, serve
from worker.secrecy import set_up_log
from worker.settings import WorkerSettings


def main() -> int:
    settings, port_file = (Path(name) for name in sys.argv[1:])

    def hosts_may_come(port: int) -> None:
        written = port_file.with_suffix(".part")
        written.write_text(str(port))
        written.rename(port_file)

    set_up_log()
    work = partial(serve, hosts_may_come=hosts_may_come)
    return carry_out(work, decode(WorkerSettings, json.loads(settings.read_text())))


if __name__ == "__main__":
    sys.exit(main())
