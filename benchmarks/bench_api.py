"""What sign-in, roles and limits add to a request, over a bare FastAPI + SQLAlchemy app.

Both are real processes under uvicorn on copies of one database of 10,000 runs and 10 million
points; they take turns A-B-A-B. CPU is that of the server's process, from its clock. The bare app
answers in several plain ways; the cheapest is what the API is compared with.

    python -m benchmarks.bench_api
    python -m benchmarks.bench_api read series    only these; also list, create, ingest
    python -m benchmarks.bench_api mix    only 80 reads/s + 20 writes/s, which needs a quiet machine
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4

import httpx

from backend.wire.codec import encode_json
from benchmarks.load_mix import Latencies, open_loop
from benchmarks.served import Client, Served, a_server, an_api
from benchmarks.turns import Turns, load, take_turns
from planner.exchange.states import PilotRequest
from tests.support.installation import a_pilot, credentials_in
from tests.support.large_installation import EPOCHS, large_installation
from tests.support.planted_worker import (
    CHUNK_POINTS,
    PlantedWorker,
    chunks_of,
    falling_loss,
    planted_curve,
    table_of,
)

TURNS = 3
MIX_TURNS, MIX_S = 2, 20.0
INGEST_RUNS, INGEST_AIM = 20, 10_000
QUEUED_RUNS = 10
"""Of one pilot that `create` starts: two schedules on five seeds."""
KEPT = Path(tempfile.gettempdir()) / "paybatch-load"
"""Where the large installation is kept between two benchmarks."""

WAYS = ("orm", "core", "json")
"""Of the bare app."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What both servers are asked.

    Attributes:
        path: Below ``/api`` of ours, and below the way of the bare app.
        ways: Of the bare app, of which the best is kept.
        requests: In one turn; enough for a second of CPU.
        aim: Highest ratio.
    """

    name: str
    path: str
    requests: int
    aim: float
    body: bytes | None = None
    ways: tuple[str, ...] = WAYS


def questions(run_id: str) -> list[Question]:
    """Every kind of request with an aim."""
    body = encode_json(
        PilotRequest,
        PilotRequest(
            pilot=a_pilot(
                name="Made by a benchmark",
                budget={"epochs": EPOCHS},
                seeds={"confirmation": [1, 2, 3, 4, 5]},
            ),
            throughput=planted_curve(),
        ),
    )
    return [
        Question(name="read", path=f"/runs/{run_id}", requests=500, aim=1.8),
        Question(name="list", path="/runs?page_size=50", requests=200, aim=1.5),
        Question(
            name="series",
            path=f"/runs/{run_id}/series?group=train&points=1000",
            requests=200,
            aim=1.3,
        ),
        Question(
            name="create", path="/pilots", requests=50, aim=2.5, body=body, ways=("orm", "json")
        ),
    ]


def copied(folder: Path) -> Path:
    """A copy of the large installation that may be written to."""
    shutil.copytree(large_installation(KEPT), folder / "data")
    return folder / "data"


@contextmanager
def both(folder: Path) -> Iterator[tuple[Served, Served]]:
    """Ours and the bare app, each on a copy of the large installation."""
    ours, bare = copied(folder / "ours"), copied(folder / "bare")
    database = str(bare / "paybatch.sqlite")
    command = ["uvicorn", "benchmarks.bare_api:app", "--port", "{port}", "--no-access-log"]
    command += ["--log-level", "warning"]
    with (
        an_api(ours, credentials_in(ours).admin_token) as our_api,
        a_server(command, "/health", PAYBATCH_BARE_DATABASE=database) as bare_app,
    ):
        yield our_api, bare_app


def ask(client: Client, question: Question, prefix: str) -> bytes:
    """One request; every create has a key of its own."""
    if question.body is None:
        return client.get(prefix + question.path)
    return client.post(prefix + question.path, question.body, Idempotency_Key=uuid4().hex)


def cpu_each(server: Served, question: Question, prefix: str) -> Callable[[], float]:
    """CPU seconds of the server for one request."""

    def timed() -> float:
        client = server.client()
        ask(client, question, prefix)
        began = server.cpu_s
        for _ in range(question.requests):
            ask(client, question, prefix)
        taken = server.cpu_s - began
        client.close()
        return taken / question.requests

    return timed


def compared(ours: Served, bare: Served, question: Question) -> tuple[str, Turns]:
    """The best way of the bare app, and it in turns with ours."""
    ways = {way: cpu_each(bare, question, f"/{way}") for way in question.ways}
    rounds = [{way: timed() for way, timed in ways.items()} for _ in range(3)]
    best = min(ways, key=lambda way: min(one[way] for one in rounds[1:]))
    turns = take_turns(ways[best], {"ours": cpu_each(ours, question, "/api")}, turns=TURNS)
    return best, turns


def told(question: Question, way: str, turns: Turns) -> str:
    """One line."""
    ratio = turns.ratio("ours")
    each = turns.others["ours"]
    return (
        f"{question.name}: ours {turns.seconds('ours') * 1e3:.3f} ms CPU "
        f"({min(each) * 1e3:.3f} to {max(each) * 1e3:.3f}), bare ({way}) "
        f"{turns.reference_s * 1e3:.3f} ms, A/A {turns.noise:.2f}; ratio {ratio:.2f} "
        f"(aim <= {question.aim}): {said(ratio <= question.aim)}"
    )


def mixed(ours: Served, bare: Served, asked: Sequence[Question]) -> str:
    """One line: 80 reads and 20 creates a second, both servers in turns."""
    reads, write = asked[:-1], asked[-1]
    taken: dict[str, list[Latencies]] = {"/api": [], "/json": []}
    for _ in range(MIX_TURNS):
        for server, prefix in ((ours, "/api"), (bare, "/json")):
            wanted = [partial(ask, question=question, prefix=prefix) for question in reads]
            create = partial(ask, question=write, prefix=prefix)
            taken[prefix].append(open_loop(server, wanted, create, seconds=MIX_S))
    busy = "; refused " + ", ".join(str(sum(n.refused for n in one)) for one in taken.values())
    our_s, bare_s = (median(one.at(0.99) for one in each) for each in taken.values())
    middle_s = (median(one.at(0.5) for one in each) for each in taken.values())
    half = ", ".join(f"{seconds * 1e3:.1f}" for seconds in middle_s)
    return (
        f"80 reads/s + 20 writes/s: p99 ours {our_s * 1e3:.1f} ms, bare {bare_s * 1e3:.1f} ms, "
        f"ratio {our_s / bare_s:.2f} (aim <= 2): {said(our_s <= 2 * bare_s)}; p50 {half} ms{busy}"
    )


def ingested(ours: Served, data_dir: Path) -> str:
    """One line: points a core-second of the API, in the chunks that a trainer sends."""
    token = credentials_in(data_dir).registration_token
    with httpx.Client(base_url=f"http://127.0.0.1:{ours.port}") as http:
        worker = PlantedWorker(http, token, lambda *_: falling_loss(0.2))
        queue_runs(ours.client(), INGEST_RUNS)
        points, cpu_s = 0, 0.0
        for _ in range(INGEST_RUNS):
            claim = worker.claim()
            assert claim is not None
            (run,) = claim.runs
            worker.start(run, from_step=0)
            chunks = chunks_of(run, table_of(run), worker.plant)
            began = ours.cpu_s
            for chunk in chunks:
                worker.write(run, "series", chunk).raise_for_status()
            cpu_s += ours.cpu_s - began
            points += sum(len(chunk.steps) for chunk in chunks)
    rate = points / cpu_s
    return (
        f"ingest: {rate:.0f} durable points a core-second in chunks of {CHUNK_POINTS} "
        f"(aim >= {INGEST_AIM}): {said(rate >= INGEST_AIM)}"
    )


def queue_runs(client: Client, count: int) -> None:
    """Has pilots started until at least so many runs of them are queued."""
    create = questions("")[-1]
    for _ in range(-(-count // QUEUED_RUNS)):
        ask(client, create, "/api")


def said(met: bool) -> str:
    """Whether an aim is met."""
    return "met" if met else "not met"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, both(Path(folder)) as (ours, bare):
        client = ours.client()
        run_id = client.told("/api/runs?page_size=1")["items"][0]["id"]
        asked = questions(run_id)
        wanted = set(sys.argv[1:]) or {*(question.name for question in asked), "ingest", "mix"}
        for question in (one for one in asked if one.name in wanted):
            way, turns = compared(ours, bare, question)
            print(told(question, way, turns), flush=True)
        if "ingest" in wanted:
            print(ingested(ours, Path(folder) / "ours" / "data"), flush=True)
        if "mix" in wanted:
            print(mixed(ours, bare, asked), flush=True)
        print(load())


if __name__ == "__main__":
    main()
