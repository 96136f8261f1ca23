"""The API's routes for workers, one typed function each."""

from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.exchange.run_log import LogChunk
from planner.exchange.series import SeriesAck, SeriesChunk
from planner.exchange.waiting import WaitingRuns
from planner.exchange.work import (
    AttemptStart,
    Beat,
    BeatReply,
    CheckpointRecord,
    Claim,
    ClaimedRun,
    ClaimRequest,
    Finish,
    WorkerRegistration,
    WorkerWelcome,
)
from planner.pilots.divergence import NextAttempt, RolledBack
from worker.codec import decode, encode_unusual

TIMEOUT_S = 10.0

_NOT_NOW = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INSUFFICIENT_STORAGE,
    }
)

Reply = TypeVar("Reply")


class ApiAway(Exception):
    """No answer, or none that settles anything: ask again later."""


class ApiRefused(Exception):
    """The API will never accept this.

    Attributes:
        status: HTTP status.
        code: Message key of the refusal; empty if the answer had none.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code

    @property
    def is_about_the_worker(self) -> bool:
        """Whether the API does not know the worker, rather than dislike what it said."""
        return self.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)

    @property
    def is_fence(self) -> bool:
        """Whether the attempt belongs to somebody else."""
        lost = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
        return self.code == "attempt_fenced" or self.status in lost


class WorkerApi:
    """Talks to one API over one connection pool; made for one thread.

    Args:
        client: Knows the API's address.
        token: Of the registration, and after it of the worker.
    """

    def __init__(self, client: httpx.Client, *, token: str) -> None:
        self._client = client
        self._token = token
        self._worker_id = ""

    def register(self, registration: WorkerRegistration) -> WorkerWelcome:
        """Introduces the worker, whose own token is used from then on."""
        welcome = self._post(WorkerWelcome, "/api/workers", registration, self._token)
        self.join(welcome)
        return welcome

    def join(self, welcome: WorkerWelcome) -> "WorkerApi":
        """Speaks as a worker that is registered already."""
        self._worker_id, self._token = welcome.worker_id, welcome.worker_token
        return self

    def waiting_runs(self) -> tuple[WaitingRuns, ...]:
        """What waits for workers; the registration token says who may ask."""
        path = "/api/waiting-runs"
        return decode(tuple[WaitingRuns, ...], self._asked("GET", path, self._token).json())

    def claim(self, *, maximum_runs: int, fewest_devices: int) -> Claim | None:
        """Asks for a run or a bundle; None when nothing waits that this worker can do."""
        path = f"/api/workers/{self._worker_id}/claims"
        request = ClaimRequest(maximum_runs=maximum_runs, fewest_devices=fewest_devices)
        response = self._send(path, request, self._token)
        return decode(Claim, response.json()) if response.status_code == HTTPStatus.OK else None

    def beat(self, beat: Beat) -> BeatReply:
        """Gives a sign of life for every run held."""
        return self._post(BeatReply, f"/api/workers/{self._worker_id}/beats", beat, self._token)

    def start(self, run: ClaimedRun, start: AttemptStart) -> None:
        """Says where an attempt starts."""
        self._of_attempt(run, "start", start)

    def series(self, run: ClaimedRun, chunk: SeriesChunk) -> SeriesAck:
        """Hands over measurements; when this returns they are on disk."""
        return decode(SeriesAck, self._of_attempt(run, "series", chunk).json())

    def checkpoint(self, run: ClaimedRun, record: CheckpointRecord) -> None:
        """Registers a checkpoint that is in the store."""
        self._of_attempt(run, "checkpoints", record)

    def throughput(self, run: ClaimedRun, curve: ThroughputCurve) -> None:
        """Hands over what a probe measured."""
        self._of_attempt(run, "throughput", curve)

    def scaling(self, run: ClaimedRun, measured: ScalingCurve) -> None:
        """Hands over what a probe measured on several devices."""
        self._of_attempt(run, "scaling", measured)

    def log(self, run: ClaimedRun, chunk: LogChunk) -> None:
        """Hands over lines that the trainer printed."""
        self._of_attempt(run, "log", chunk)

    def roll_back(self, run: ClaimedRun, back: RolledBack) -> NextAttempt:
        """Ends an attempt that a divergence sent back; again, it gives another token."""
        return decode(NextAttempt, self._of_attempt(run, "rollback", back).json())

    def finish(self, run: ClaimedRun, finish: Finish) -> None:
        """Ends an attempt; again with the same outcome changes nothing."""
        self._of_attempt(run, "finish", finish)

    def _of_attempt(self, run: ClaimedRun, what: str, body: object) -> httpx.Response:
        path = f"/api/runs/{run.run_id}/attempts/{run.attempt}/{what}"
        return self._send(path, body, run.attempt_token)

    def _post(self, kind: type[Reply], path: str, body: object, token: str) -> Reply:
        return decode(kind, self._send(path, body, token).json())

    def _send(self, path: str, body: object, token: str) -> httpx.Response:
        return self._asked("POST", path, token, json=encode_unusual(body))

    def _asked(self, method: str, path: str, token: str, **how: Any) -> httpx.Response:  # noqa: ANN401
        try:
            response = self._client.request(
                method, path, headers={"Authorization": f"Bearer {token}"}, **how
            )
        except httpx.TransportError as error:
            raise ApiAway(f"{path}: {error}") from error
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ApiAway(f"{path}: {response.status_code}")
        if response.status_code in _NOT_NOW:
            raise ApiAway(f"{path}: {response.status_code}")
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            raise ApiRefused(response.status_code, _code(response))
        return response


def _code(response: httpx.Response) -> str:
    """The refusal's message key, if the answer is a problem with one."""
    try:
        problem = response.json()
    except ValueError:
        return ""
    code = problem.get("code") if isinstance(problem, dict) else None
    return code if isinstance(code, str) else ""
