"""P1, P2, P3: the API is killed at random moments under people who plan and a worker that measures.

What the clients wrote down of their acknowledgements is compared with the database in the end.
"""

import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from backend.settings import Settings
from tests.contract.programs import ApiProcess, an_api, wait_until
from tests.faults.conftest import Often, PromiseOf
from tests.faults.ledger import Figures
from tests.faults.measuring import COLUMN, Acknowledged, Measuring, Sending
from tests.faults.persistent import Client, Persistent
from tests.faults.planning import RUNS, Diary, Person
from tests.faults.pulse import Pulse
from tests.faults.stored import Stored, stored_by
from tests.support.databases import DATABASES
from tests.support.installation import a_pilot, schedule_data
from tests.support.planted_worker import PlantedWorker, falling_loss, planted_curve
from tests.support.processes import PATIENCE_S

KILLS = 100
KILLS_OF_A_SERVER = 12
"""Of the API while it works on PostgreSQL."""

PEOPLE = 3
WORKERS = 2

MOST_ANSWERS = 40
"""Acknowledged by one API before its kill."""

LONGEST_START_S = 1.0
"""Between a start and a kill that does not wait for the first answer."""

KILLED_EARLY_FRACTION = 0.3

EPOCHS = 2000
"""135 steps each at a batch of 8: more than the measuring clients send."""

LEASE_S = 3600.0
"""No run is lost in this test: other tests are about that."""


def claimed_runs(api: ApiProcess) -> list[Sending]:
    """Four runs that started, claimed while the API is left alone."""
    small = [
        schedule_data(name, role=role, batch_size={"initial": 8})
        for name, role in (("today", "baseline"), ("other", "candidate"))
    ]
    pilot = a_pilot(name="measured", budget={"epochs": EPOCHS}, schedules=small)
    created = api.create(pilot, throughput=planted_curve())
    steps = {run.id: run.steps_planned or 0 for run in api.runs(created.id)}
    with httpx.Client(base_url=api.url, timeout=PATIENCE_S) as http:
        worker = PlantedWorker(
            http, api.credentials.registration_token, lambda *_: falling_loss(0.2)
        )
        sendings = []
        for _ in steps:
            claim = worker.claim()
            assert claim is not None
            (run,) = claim.runs
            worker.start(run, from_step=0)
            sendings.append(Sending(run=run, steps_planned=steps[run.run_id]))
    return sendings


@contextmanager
def crowd(
    api: ApiProcess, pulse: Pulse, rng: random.Random
) -> Iterator[tuple[list[Person], list[Measuring]]]:
    """Clients at work; each has ended what it did when this ends."""
    runs = claimed_runs(api)

    def requests() -> Persistent:
        return Persistent(api.url, pulse=pulse, rng=random.Random(rng.random()))  # noqa: S311

    token = api.credentials.admin_token
    people = [Person(f"person-{n}", requests(), token=token) for n in range(PEOPLE)]
    workers = [Measuring(f"worker-{n}", requests(), runs[n::WORKERS]) for n in range(WORKERS)]
    clients: list[Client] = [*people, *workers]
    with ExitStack() as ends:
        for client in clients:
            ends.callback(client.close)
            client.start()
        yield people, workers
        for client in clients:
            client.leave()


def wait_for_answers(
    api: ApiProcess, pulse: Pulse, clients: Sequence[Client], *, count: int = 1
) -> float:
    """Waits for acknowledgements of what was sent after a strike; seconds to the first."""

    def served() -> bool:
        for client in clients:
            client.check()
        assert api.is_running, api.log
        return pulse.beats >= count

    wait_until(served, what="an acknowledgement after a kill")
    return pulse.recovered_s


def kill_at_random_moments(
    api: ApiProcess,
    pulse: Pulse,
    clients: Sequence[Client],
    rng: random.Random,
    *,
    kills: int,
    figures: Figures,
) -> None:
    """Mostly while it serves, now and then while it starts; it serves in the end."""
    for _ in range(kills):
        pulse.strike()
        api.kill()
        api.launch()
        figures.add(kills=1)
        if rng.random() < KILLED_EARLY_FRACTION:
            time.sleep(rng.uniform(0, LONGEST_START_S))  # the random moment of the next kill
        else:
            answers = rng.randint(1, MOST_ANSWERS)
            figures.recovered(wait_for_answers(api, pulse, clients, count=answers))
    wait_for_answers(api, pulse, clients)


def restart_the_server(
    api: ApiProcess, pulse: Pulse, clients: Sequence[Client], figures: Figures
) -> None:
    """PostgreSQL crashes and comes back; the API is left alone."""
    pulse.strike()
    DATABASES.server().restart("immediate")
    figures.add(database_restarts=1)
    figures.recovered(wait_for_answers(api, pulse, clients))


def check_pilots(stored: Stored, diary: Diary, figures: Figures) -> None:
    pilots, runs, created = stored.pilots(), stored.runs_of_pilots(), stored.created()
    for key, acknowledged in diary.pilots.items():
        found = pilots.get(key, set())
        figures.add(
            losses=len(acknowledged - found),
            doubles=max(0, len(found | acknowledged) - 1),
            halves=sum(runs[pilot_id] != RUNS for pilot_id in found),
            audit_differs=sum(created[pilot_id] != 1 for pilot_id in found),
        )


def check_other_changes(stored: Stored, diary: Diary, name: str, figures: Figures) -> None:
    prices = stored.prices()
    for key, was_acknowledged in diary.prices.items():
        figures.add(
            losses=int(was_acknowledged and not prices[key]), doubles=max(0, prices[key] - 1)
        )
    version = stored.draft(name).get("version", 0)
    assert isinstance(version, int)
    figures.add(losses=int(not diary.draft.holds(version)))
    for run_id, told in diary.priorities.items():
        figures.add(losses=int(not told.holds(stored.run(run_id).priority)))
    for run_id in diary.cancelled:
        figures.add(losses=int(stored.run(run_id).status != "cancelled"))


def check_series(stored: Stored, sending: Sending, figures: Figures) -> None:
    run = stored.run(sending.run.run_id)
    assert (run.status, run.attempt) == ("running", 1)
    for group in ("train", "evaluation"):
        known = sending.groups.get(group, Acknowledged())
        steps, values = stored.series(run.id, group, COLUMN)
        figures.add(
            points=len(steps),
            losses=len(set(known.steps) - set(steps)),
            doubles=len(steps) - len(set(steps)),
        )
        assert steps == known.steps
        assert math.fsum(values) == math.fsum(known.values)
        assert max(values, default=0.0) == max(known.values, default=0.0)


NOTHING = {"losses": 0, "doubles": 0, "halves": 0, "audit_differs": 0}


@pytest.mark.faults
@pytest.mark.usefixtures("unhurried")
@pytest.mark.timeout(1800)
def test_everything_that_was_acknowledged_is_there_once_after_every_kill(
    tmp_path: Path,
    database: dict[str, str],
    rng: random.Random,
    often: Often,
    promise: PromiseOf,
) -> None:
    kept, once, measured = promise("P1"), promise("P2"), promise("P3")
    kills = often(whole=KILLS_OF_A_SERVER if database else KILLS, short=3)
    pulse = Pulse()
    with an_api(tmp_path, often=True, lease_s=LEASE_S, **database) as api:
        with crowd(api, pulse, rng) as (people, workers):
            clients = [*people, *workers]
            strike = partial(kill_at_random_moments, api, pulse, clients, rng, figures=kept)
            strike(kills=kills // 2)
            if database:
                restart_the_server(api, pulse, clients, kept)
            strike(kills=kills - kills // 2)
            wait_until(lambda: all(client.requests.acks for client in clients), what="every client")
        api.kill()
        where = Settings(data_dir=api.data_dir, database_url=database.get("database_url"))
        with stored_by(where) as stored:
            stored.check_whole()
            for person in people:
                check_pilots(stored, person.diary, once)
                check_other_changes(stored, person.diary, person.name, kept)
                kept.add(acks=person.requests.acks)
                once.add(keys=len(person.diary.pilots) + len(person.diary.prices))
            for worker in workers:
                measured.add(acks=worker.requests.acks)
                for sending in worker.runs:
                    check_series(stored, sending, measured)
        once.add(kills=kills, acks=sum(person.requests.acks for person in people))
        measured.add(kills=kills)
        found = sum((figures.counts for figures in (kept, once, measured)), Counter[str]())
        assert {name: found[name] for name in NOTHING} == NOTHING
