"""The routes of the API that commands use, one typed function each."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from uuid import uuid4

import httpx

from backend.backups.folder import sync_folder
from backend.wire.codec import decode, encode
from backend.wire.problems import InputError, Problem
from planner.exchange.access import SignInLinkRequest, TokenRequest, TokenState
from planner.exchange.backups import BackupState
from planner.exchange.page_states import SignInLink
from planner.exchange.report_files import ReportOrder, ReportState
from planner.exchange.retention import RetentionOrder, RetentionState
from planner.exchange.states import (
    Page,
    PilotRequest,
    PilotState,
    RunState,
    Series,
    WorkerState,
    WorkloadState,
)
from planner.exchange.work import SeriesGroup
from planner.measurements.measurement import RunRecord
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest

Value = TypeVar("Value")

TIMEOUT_S = 60.0
MOST_POINTS = 1000
"""Points that the API sends at once."""


def new_key() -> dict[str, str]:
    """The header of a create: another one for each call, the same if the request is sent again."""
    return {"Idempotency-Key": str(uuid4())}


class Client:
    """A person's view of one installation; close it, or use it in a ``with`` block."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_S
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def create_pilot(self, request: PilotRequest) -> PilotState:
        """Starts a pilot; a repeated call starts another one."""
        return self.send(PilotState, "POST", "/api/pilots", body=request, headers=new_key())

    def pilot(self, pilot_id: str) -> PilotState:
        """A pilot and where it stands."""
        return self.send(PilotState, "GET", f"/api/pilots/{pilot_id}")

    def runs(self, pilot_id: str, *, status: str, page_size: int = 100) -> Page[RunState]:
        """The first page of a pilot's runs in one state."""
        params: dict[str, str | int] = {
            "pilot_id": pilot_id,
            "status": status,
            "page_size": page_size,
        }
        return self.send(Page[RunState], "GET", "/api/runs", params=params)

    def workers(self) -> tuple[WorkerState, ...]:
        """Workers that were heard of since the API started."""
        return self.send(tuple[WorkerState, ...], "GET", "/api/workers")

    def revoke_worker(self, worker_id: str) -> WorkerState:
        """Shuts a worker out now."""
        return self.send(WorkerState, "POST", f"/api/workers/{worker_id}:revoke")

    def workloads(self) -> tuple[WorkloadState, ...]:
        """Workloads that can be planned, with the workers that train them now."""
        return self.send(tuple[WorkloadState, ...], "GET", "/api/workloads")

    def records(self, pilot_id: str) -> tuple[RunRecord, ...]:
        """Every run of a pilot with its attempts and live measurements."""
        return self.send(tuple[RunRecord, ...], "GET", f"/api/pilots/{pilot_id}/records")

    def series(self, run_id: str, group: SeriesGroup) -> Series:
        """One group of a run's live series, every point of it."""
        whole = self._series(run_id, group, after_step=-1)
        part = whole
        while part.steps and len(whole.steps) < whole.total_points:
            part = self._series(run_id, group, after_step=part.steps[-1])
            whole = _continued(whole, part)
        return whole

    def review(self, request: ReviewRequest) -> Review:
        """The review of a pilot under the given assumptions; nothing is stored."""
        return self.send(Review, "POST", "/api/reviews:compute", body=request)

    def make_report(self, pilot_id: str, order: ReportOrder) -> ReportState:
        """Has a report made and kept; a repeated call makes another one."""
        path = f"/api/pilots/{pilot_id}/reports"
        return self.send(ReportState, "POST", path, body=order, headers=new_key())

    def report_file(self, number: int) -> bytes:
        """The file of a report, as it was made."""
        return self._answer("GET", f"/api/reports/{number}/file").content

    def make_backup(self) -> BackupState:
        """Has a backup made; a repeated call makes another one."""
        return self.send(BackupState, "POST", "/api/backups", headers=new_key())

    def retention(self, order: RetentionOrder, *, applies: bool) -> RetentionState:
        """What is old and what nothing rests on, removed if that is asked for."""
        verb = "apply" if applies else "preview"
        return self.send(RetentionState, "POST", f"/api/retention:{verb}", body=order)

    def save_backup(self, backup: BackupState, out: Path) -> None:
        """Writes a backup into a private file, which is there once all of it is on the disk.

        Raises:
            OSError: It cannot be written there; nothing of it stays.
        """
        draft = out.with_name(f"{out.name}.draft")
        try:
            self._save(f"/api/backups/{backup.number}/file", draft)
            draft.replace(out)
            sync_folder(out.parent)
        finally:
            draft.unlink(missing_ok=True)

    def _save(self, path: str, draft: Path) -> None:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, self._http.stream("GET", path) as answer:
            for part in answer.raise_for_status().iter_bytes():
                file.write(part)
            file.flush()
            os.fsync(file.fileno())

    def _series(self, run_id: str, group: SeriesGroup, *, after_step: int) -> Series:
        params = {"group": group, "after_step": after_step, "points": MOST_POINTS}
        return self.send(Series, "GET", f"/api/runs/{run_id}/series", params=params)

    def make_token(self, request: TokenRequest) -> TokenState:
        """A new credential; its secret is only in this answer."""
        return self.send(TokenState, "POST", "/api/tokens", body=request, headers=new_key())

    def make_sign_in_link(self, request: SignInLinkRequest) -> SignInLink:
        """A link that signs one browser in."""
        return self.send(SignInLink, "POST", "/api/sign-in-links", body=request, headers=new_key())

    def tokens(self, *, live: bool) -> tuple[TokenState, ...]:
        """Credentials without their secrets; ``live`` leaves out those that ended."""
        params = {"live": str(live).lower()}
        return self.send(tuple[TokenState, ...], "GET", "/api/tokens", params=params)

    def revoke_token(self, token_id: str) -> TokenState:
        """Ends a credential now."""
        return self.send(TokenState, "POST", f"/api/tokens/{token_id}:revoke")

    def send(
        self,
        kind: type[Value],
        method: str,
        path: str,
        *,
        body: object = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Value:
        """The decoded answer; a problem of the input is raised as such.

        Raises:
            InputError: The API refused fields of the request.
            httpx.HTTPStatusError: It refused for another reason.
        """
        return decode(kind, self._answer(method, path, body, params, headers).json())

    def _answer(
        self,
        method: str,
        path: str,
        body: object = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        content = None if body is None else encode(body)
        answer = self._http.request(method, path, json=content, params=params, headers=headers)
        if answer.is_client_error:
            raise InputError(_problems(answer))
        return answer.raise_for_status()


def _continued(series: Series, part: Series) -> Series:
    return replace(
        series,
        steps=series.steps + part.steps,
        columns={name: values + part.columns[name] for name, values in series.columns.items()},
        attempts=series.attempts + part.attempts,
    )


def _problems(answer: httpx.Response) -> tuple[Problem, ...]:
    body = answer.json()
    listed = body.get("errors") or [
        {"field": "", "code": body["code"], "params": body.get("params", {})}
    ]
    return tuple(
        Problem(field=found["field"], code=found["code"], params=found.get("params", {}))
        for found in listed
    )
