"""What every route costs the API when it holds 10,000 runs and 10 million points.

CPU milliseconds of the whole process, its client included, the worst first. Aims: at most 200 ms
for the data of a page, and healthy within 5 s of its start on that database.

    python -m benchmarks.bench_load
    python -m benchmarks.bench_load start    only the start, whose wall time needs a quiet machine
"""

import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from backend.access.security import POLICY
from backend.main import create_app
from backend.serving.server import settle_memory
from backend.settings import Settings
from benchmarks.bench_api import copied, said
from benchmarks.served import an_api
from benchmarks.turns import load
from tests.support.installation import Api, StillClock, credentials_in, pilot_data

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

REPEATS = 5
AIM_MS = 200.0
START_AIM_S = 5.0

FORMATS = ("csv", "json", "html", "xlsx", "pptx", "pdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request.

    Attributes:
        body: None for GET.
        is_page: Whether a page waits for it; files are made on demand.
    """

    name: str
    path: str
    body: Any = None
    is_page: bool = True


def requests(api: Api) -> Iterator[Asked]:
    """Every GET route, the heavy ways to ask some of them, and everything that is computed."""
    found = api.get("/api/pilots:summaries", page_size=200, page=2).json()["items"]
    newest = api.get("/api/pilots:summaries", page_size=10).json()["items"]
    named = {one["name"]: one["id"] for one in newest}
    many = named["Many"]
    (run, *_) = api.get("/api/runs", pilot_id=named["Long"], page_size=1).json()["items"]
    ids = _ids(api, many, run["id"])
    for route in sorted(POLICY):
        method, path = route.split(" ")
        if method == "GET":
            place = path.format_map(ids | _number(path))
            yield Asked(name=route, path=place, is_page=not path.endswith("/file"))
    yield from _heavy(named, run["id"])
    yield from _computed(named, [one["id"] for one in found[:50]])


def _ids(api: Api, pilot_id: str, run_id: str) -> dict[str, str]:
    """Something for every parameter of a path."""
    terms = {"name": "A draft", "body": {}}
    draft_id = uuid4().hex
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    api.http.put(f"/api/drafts/{draft_id}", json=terms, headers=headers)
    with api.installation.database.read() as session:
        (snapshot_id,) = session.connection().exec_driver_sql("SELECT id FROM snapshots").one()
    settings = api.get("/api/published-settings").json()
    view = api.get("/api/views").json()[0]
    return {
        "pilot_id": pilot_id,
        "run_id": run_id,
        "draft_id": draft_id,
        "snapshot_id": snapshot_id,
        "setting_id": _first_id(settings),
        "view_id": view["id"],
        "price_id": "h100-sxm-runpod-secure",
    }


def _first_id(told: Any) -> str:  # noqa: ANN401  # JSON has no narrower type
    items = told["items"] if isinstance(told, Mapping) and "items" in told else told
    first = items[0] if isinstance(items, list) else next(iter(items.values()))
    return str(first["id"] if "id" in first else first["setting"]["id"])


def _number(path: str) -> dict[str, str]:
    return {"number": "1"} if "{number}" in path else {}


def _heavy(named: Mapping[str, str], run_id: str) -> Iterator[Asked]:
    """The longest pages of lists, deep ones, searches, and every kind of series."""
    for path in (
        "/api/pilots:summaries?page_size=25&search=Many 9",
        "/api/pilots:summaries?page_size=200",
        "/api/pilots?page_size=200&page=5",
        "/api/runs?page_size=200",
        "/api/runs?page_size=200&page=50",
        "/api/runs?status=succeeded&purpose=confirmation&page_size=200",
        f"/api/pilots/{named['Running']}/live",
        f"/api/pilots/{named['Long']}/live",
        f"/api/pilots/{named['Long']}/records",
        f"/api/pilots/{named['Many']}/reports?page_size=200&page=5",
        *(
            f"/api/runs/{run_id}/series?points=1000&group={group}"
            for group in ("train", "evaluation")
        ),
        f"/api/runs/{run_id}/series?points=1000&group=train&after_step=9000",
    ):
        yield Asked(name=f"GET {path.replace(run_id, '(long)')}", path=path)


def _computed(named: Mapping[str, str], fifty: list[str]) -> Iterator[Asked]:
    """Reviews, decisions, comparisons, plans and files."""
    for name in ("Many", "Long"):
        pilot_id = named[name]
        yield Asked(
            name=f"review of {name}", path="/api/reviews:compute", body={"pilot_id": pilot_id}
        )
        yield Asked(
            name=f"decision on {name}",
            path=f"/api/pilots/{pilot_id}/adoption:compute",
            body={},
        )
        for kind in FORMATS:
            yield Asked(
                name=f"{kind} of {name}",
                path=f"/api/pilots/{pilot_id}/reports",
                body={"format": kind},
                is_page=False,
            )
    chosen = [{"pilot_id": pilot_id} for pilot_id in fifty]
    yield Asked(
        name="comparison of 50 pilots", path="/api/line-ups:compute", body={"pilots": chosen}
    )
    yield Asked(name="plan", path="/api/plans:compute", body={"pilot": pilot_data()})


def cpu_ms(api: Api, asked: Asked) -> tuple[float, float]:
    """The first time, and the median over the repeats."""
    owner = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    taken = []
    for _ in range(REPEATS + 1):
        began = time.process_time()
        if asked.body is None:
            answer = api.http.get(asked.path, headers=owner)
        else:
            answer = api.post(asked.path, asked.body, **{"Idempotency-Key": uuid4().hex})
        taken.append((time.process_time() - began) * 1e3)
        assert answer.status_code < 500, (asked.name, answer.text[:300])
        if not answer.is_success:
            print(f"refused: {asked.name}: {answer.json()['code']}")
            return 0.0, 0.0
    return taken[0], median(taken[1:])


def healthy_after_s(data_dir: Path) -> tuple[float, float]:
    """Wall and CPU seconds from the start of the process until it says that it is well."""
    began = time.monotonic()
    with an_api(data_dir, credentials_in(data_dir).admin_token) as served:
        return time.monotonic() - began, served.cpu_s


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data_dir = copied(Path(folder))
        started_s, cpu_s = healthy_after_s(data_dir)
        aim = f"(aim < {START_AIM_S:.0f}): {said(started_s < START_AIM_S)}"
        print(f"start to healthy: {started_s:.1f} s {aim}; {cpu_s:.1f} s of CPU", flush=True)
        if "start" in sys.argv[1:]:
            print(load())
            return
        clock = StillClock()
        app = create_app(Settings(data_dir=data_dir, lease_s=3600.0), clock=clock.clock)
        settle_memory()
        with TestClient(app, base_url="http://127.0.0.1") as http:
            api = Api(http=http, installation=app.state.installation, clock=clock)
            found = [(*cpu_ms(api, asked), asked) for asked in list(requests(api))]
        print("   first time        again")
        for first_ms, again_ms, asked in sorted(found, key=lambda one: -one[1]):
            aim = f": {said(again_ms < AIM_MS)}" if asked.is_page else " (a file)"
            print(f"{first_ms:10.1f} ms {again_ms:9.1f} ms  {asked.name}{aim}")
        print(load())


if __name__ == "__main__":
    main()
