"""P9: the API is restarted again and again while workers train and people look; nobody notices."""

import random
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from backend.settings import Settings
from planner.exchange.states import PilotState
from tests.contract.programs import ApiProcess, an_api, wait_until
from tests.faults.conftest import Often, PromiseOf
from tests.faults.crew import Crew
from tests.faults.persistent import Client, Persistent
from tests.faults.pulse import Pulse
from tests.faults.undisturbed import check_undisturbed, create_long_pilot

NEW_STEPS = 200

LOOKERS = 2

WATCHED = (
    "/api/pilots/{pilot_id}/live",
    "/api/pilots:summaries",
    "/api/runs?page_size=100",
    "/api/workers",
)
"""What open pages ask for."""

LOOK_EVERY_S = 0.2


class Looker(Client):
    """Looks at everything as open pages do."""

    def __init__(self, name: str, requests: Persistent, *, token: str, pilot_id: str) -> None:
        super().__init__(name, requests)
        self._token = token
        self._pilot_id = pilot_id

    def act(self) -> None:
        path = self.rng.choice(WATCHED).format(pilot_id=self._pilot_id)
        self.requests.until_acknowledged("GET", path, None, self._token)
        self._leaving.wait(LOOK_EVERY_S)


def restart(api: ApiProcess, rng: random.Random) -> str:
    """Killed, or stopped as an administrator does."""
    ways = {"kills": api.kill, "stops": api.stop}
    way = rng.choice(sorted(ways))
    ways[way]()
    api.start()
    return way


def wait_for_new_steps(api: ApiProcess, pilot: PilotState) -> None:
    """Waits until every restart has cost nobody its work: training is heard of again."""

    def steps() -> int:
        return sum(run.step for run in api.runs(pilot.id))

    before = steps()
    wait_until(lambda: steps() > before + NEW_STEPS, what="training after a restart")


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_no_run_fails_none_spends_an_attempt_and_no_series_has_a_gap(
    tmp_path: Path,
    database: dict[str, str],
    rng: random.Random,
    often: Often,
    promise: PromiseOf,
) -> None:
    figures, pulse, began = promise("P9"), Pulse(), time.monotonic()
    lasts_s, fewest = (
        often(whole=25 if database else 180, short=0),
        often(whole=2 if database else 4, short=2),
    )
    shortest_s, longest_s = often(whole=5, short=1), often(whole=20, short=3)
    with (
        an_api(tmp_path, often=True, lease_s=Settings().lease_s, **database) as api,
        ExitStack() as others,
    ):
        pilot = create_long_pilot(api, epochs=300, seeds=40)
        others.enter_context(Crew(api, tmp_path, workers=2))
        for number in range(LOOKERS):
            requests = Persistent(api.url, pulse=pulse, rng=random.Random(rng.random()))  # noqa: S311
            token = api.credentials.admin_token
            looker = Looker(f"looker-{number}", requests, token=token, pilot_id=pilot.id)
            others.callback(looker.close)
            looker.start()
        wait_for_new_steps(api, pilot)
        until = time.monotonic() + lasts_s
        while time.monotonic() < until or len(figures.recoveries_s) < fewest:
            time.sleep(rng.uniform(shortest_s, longest_s))  # the random moment of the restart
            pulse.strike()
            figures.add(**{restart(api, rng): 1})
            wait_until(lambda: pulse.beats, what="an answer to a page after a restart")
            figures.recovered(pulse.recovered_s)
            wait_for_new_steps(api, pilot)
        passed_s = time.monotonic() - began
        figures.add(losses=0, steps=check_undisturbed(api, pilot.id, within_s=passed_s))
