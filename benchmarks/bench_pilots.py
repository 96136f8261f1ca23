"""What lists cost the API when it holds 1,000 pilots and 10,000 runs, against ten pilots.

CPU seconds of the whole process, client included, after a warm-up. Aims: every page's data within
200 ms.
"""

import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from backend.main import create_app
from backend.settings import Settings
from tests.support.installation import Api, StillClock, a_pilot
from tests.support.many_pilots import multiply
from tests.support.planted_worker import planted_curve

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

REPEATS = 20
SHORT, LONG = 10, 1000
SEEDS = list(range(11, 16))

QUESTIONS: dict[str, tuple[str, dict[str, object]]] = {
    "list of pilots": ("/api/pilots:summaries", {"page_size": 25}),
    "its last page": ("/api/pilots:summaries", {"page_size": 5, "page": 2}),
    "search by name": ("/api/pilots:summaries", {"page_size": 25, "search": "Many 9"}),
    "list of runs": ("/api/runs", {"page_size": 50}),
    "live view": ("/api/pilots/{pilot}/live", {}),
}


@contextmanager
def an_api(pilots: int) -> Iterator[tuple[Api, str]]:
    """An installation with that many pilots of ten runs, and the id of one."""
    clock = StillClock()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder)), clock=clock.clock)
        with TestClient(app, base_url="http://127.0.0.1") as http:
            api = Api(http=http, installation=app.state.installation, clock=clock)
            wanted = a_pilot(seeds={"confirmation": SEEDS}, name="Many")
            pilot = api.create(wanted, throughput=planted_curve())
            api.worker().work_until_idle()
            multiply(api.installation.database, pilot.id, copies=pilots - 1)
            yield api, pilot.id


def cpu_ms(api: Api, path: str, query: dict[str, object]) -> float:
    """Median over the repeats."""
    taken = []
    for _ in range(REPEATS + 1):
        began = time.process_time()
        api.get(path, **query).raise_for_status()
        taken.append((time.process_time() - began) * 1e3)
    return median(taken[1:])


def main() -> None:
    with an_api(SHORT) as (short, few), an_api(LONG) as (long, many):
        for what, (path, query) in QUESTIONS.items():
            small = cpu_ms(short, path.format(pilot=few), query)
            large = cpu_ms(long, path.format(pilot=many), query)
            print(
                f"{what}: {LONG} pilots {large:.1f} ms CPU, {SHORT} pilots {small:.1f} ms, "
                f"ratio {large / small:.2f} (aim <= 200 ms), {REPEATS} repeats"
            )


if __name__ == "__main__":
    main()
