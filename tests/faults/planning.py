"""A person who plans pilots all day, and writes down what the API acknowledged."""

from dataclasses import dataclass, field

from backend.wire.codec import encode
from planner.exchange.states import HIGHEST_PRIORITY
from tests.faults.persistent import Client, Persistent
from tests.support.entered_prices import an_entry
from tests.support.installation import pilot_data
from tests.support.planted_worker import planted_curve

RUNS = 4
"""Of each pilot: two schedules, two seeds."""

MOST_SENDS = 5
"""How often one Idempotency-Key is sent at most."""


@dataclass
class Told:
    """The last values of something that rises by one with every change."""

    sent: int = 0
    acknowledged: int = 0

    def holds(self, stored: int) -> bool:
        """Whether a value may be stored: nothing acknowledged is lost, nothing comes unasked."""
        return self.acknowledged <= stored <= self.sent


@dataclass
class Diary:
    """What one person sent and what was acknowledged.

    Attributes:
        pilots: By key, every id that was answered; a key that was never answered has none.
        prices: By key, which is the price's id too, whether it was acknowledged.
        draft: Number of the draft's version.
        priorities: By run.
        cancelled: Runs whose cancellation was acknowledged.
    """

    pilots: dict[str, set[str]] = field(default_factory=dict)
    prices: dict[str, bool] = field(default_factory=dict)
    draft: Told = field(default_factory=Told)
    priorities: dict[str, Told] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)


class Person(Client):
    """Creates pilots and prices under keys, and changes drafts and runs of their own."""

    def __init__(self, name: str, requests: Persistent, *, token: str) -> None:
        super().__init__(name, requests)
        self.diary = Diary()
        self._token = token
        self._runs: list[str] = []
        self._throughput = encode(planted_curve())

    def act(self) -> None:
        what = [self._create_pilot, self._enter_price, self._save_draft]
        if self._runs:
            what += [self._prioritise, self._cancel]
        self.rng.choice(what)()

    def _create_pilot(self) -> None:
        key = f"{self.name}-pilot-{len(self.diary.pilots)}"
        ids = self.diary.pilots.setdefault(key, set())
        body = {"pilot": pilot_data(name=key), "throughput": self._throughput}
        for answer in self._several("POST", "/api/pilots", body, key=key):
            ids.add(answer["id"])
        for pilot_id in ids:
            path = f"/api/runs?pilot_id={pilot_id}"
            found = self.requests.until_acknowledged("GET", path, None, self._token).json()
            self._runs += [run["id"] for run in found["items"]]

    def _enter_price(self) -> None:
        key = f"{self.name}-price-{len(self.diary.prices)}"
        self.diary.prices[key] = False
        answers = self._several("POST", "/api/prices", an_entry(id=key), key=key)
        self.diary.prices[key] = bool(answers)

    def _save_draft(self) -> None:
        draft = self.diary.draft
        draft.sent += 1
        body = {"name": self.name, "version": draft.sent}
        if self._once("PUT", f"/api/drafts/{self.name}", body):
            draft.acknowledged = draft.sent

    def _prioritise(self) -> None:
        run_id = self.rng.choice(self._runs)
        told = self.diary.priorities.setdefault(run_id, Told())
        if told.sent < HIGHEST_PRIORITY:
            told.sent += 1
            if self._once("POST", f"/api/runs/{run_id}:prioritise", {"priority": told.sent}):
                told.acknowledged = told.sent

    def _cancel(self) -> None:
        run_id = self._runs.pop(self.rng.randrange(len(self._runs)))
        if self._once("POST", f"/api/runs/{run_id}:cancel", {"reason": "a test"}):
            self.diary.cancelled.add(run_id)

    def _several(self, method: str, path: str, body: object, *, key: str) -> list[dict[str, str]]:
        times = self.rng.randint(1, MOST_SENDS)
        answers = self.requests.several(times, method, path, body, self._token, key=key)
        return [answer.json() for answer in answers]

    def _once(self, method: str, path: str, body: object) -> bool:
        """Sends what is no create once and in full: a late repetition would undo what followed."""
        return self.requests.once(method, path, body, self._token) is not None
