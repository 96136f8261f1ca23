"""The routes of the API that pages use, one typed function each."""

import dataclasses
import os
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal, TypeVar
from uuid import uuid4

import httpx

from frontend.calls.codec import decode, encode
from planner.devices.curve_facts import CurveFacts, CurveState
from planner.devices.fabric import Fabric
from planner.economics.rates import RateCard
from planner.exchange.page_states import Draft, DraftState, Example, LiveView, Me, PilotSummary
from planner.exchange.run_log import RunLog
from planner.exchange.states import (
    Page,
    PilotRequest,
    PilotState,
    RunOrder,
    RunPriority,
    RunState,
    WorkloadState,
)
from planner.pilots.pilot import PilotPhase
from planner.plans.equal_effort import Control
from planner.plans.plan_facts import PlanFacts
from planner.projections.what_if_request import WhatIfRequest
from planner.projections.what_if_values import WhatIf
from planner.projections.worked_case import WorkedCase
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from planner.reviews.rollback_procedure import RollbackProcedure

Value = TypeVar("Value")
Query = Mapping[str, str | int | None]
Order = Literal["cancel", "pause", "resume", "retry"]

API_URL_VARIABLE = "PAYBATCH_API_URL"
TIMEOUT_S = 30.0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """One refused field.

    Attributes:
        field: Dotted path in what was sent; empty when it is about the whole.
        code: Message key below ``refusal.``.
        params: Values for the message.
    """

    field: str
    code: str
    params: dict[str, str | float] = dataclasses.field(default_factory=dict)


class ApiUnreachable(Exception):
    """The API does not answer; it may come back by itself."""


class SignedOut(Exception):
    """The API does not know this browser, or no longer."""


class ApiRefused(Exception):
    """The API refused a request.

    Attributes:
        status: Of the answer.
        problems: What is wrong, at least one.
    """

    def __init__(self, status: int, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__(f"{status}: {', '.join(found.code for found in problems)}")
        self.status = status
        self.problems = problems


def connect(url: str | None = None) -> httpx.Client:
    """Connections to the API, shared by every browser that looks at the pages."""
    target = url or os.environ.get(API_URL_VARIABLE, "http://127.0.0.1:8200")
    return httpx.Client(base_url=target, timeout=TIMEOUT_S)


class Api:
    """What one signed-in browser may ask the API."""

    def __init__(self, http: httpx.Client, token: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}

    def me(self) -> Me:
        """Who is signed in."""
        return self.get(Me, "/api/me")

    def sign_out(self) -> None:
        """Ends this browser's session."""
        self.post(None, "/api/sign-out")

    def pilots(
        self, *, status: PilotPhase | None = None, page: int = 1, page_size: int = 50
    ) -> Page[PilotState]:
        """Newest pilots first."""
        query = {"status": status, "page": page, "page_size": page_size}
        return self.get(Page[PilotState], "/api/pilots", query)

    def pilot_summaries(
        self, *, status: str | None = None, search: str = "", page: int = 1, page_size: int = 50
    ) -> Page[PilotSummary]:
        """Newest pilots first, each as one row of a list."""
        query = {"status": status, "search": search or None, "page": page, "page_size": page_size}
        return self.get(Page[PilotSummary], "/api/pilots:summaries", query)

    def pilot(self, pilot_id: str) -> PilotState:
        """A pilot and where it stands."""
        return self.get(PilotState, f"/api/pilots/{pilot_id}")

    def create_pilot(self, request: PilotRequest) -> PilotState:
        """Starts a pilot; a repeated call starts another one."""
        headers = {"Idempotency-Key": str(uuid4())}
        return self.post(PilotState, "/api/pilots", request, headers=headers)

    def examples(self) -> tuple[Example, ...]:
        """Pilots that are ready to be started."""
        return self.get(tuple[Example, ...], "/api/examples")

    def fabrics(self) -> tuple[Fabric, ...]:
        """What connects devices, as measured."""
        return self.get(tuple[Fabric, ...], "/api/fabrics")

    def what_if(self, request: WhatIfRequest) -> WhatIf:
        """Other hardware and other numbers of devices, projected."""
        return self.post(WhatIf, "/api/projections:compute", request)

    def worked_cases(self) -> tuple[WorkedCase, ...]:
        """Published cases, worked out."""
        return self.get(tuple[WorkedCase, ...], "/api/worked-cases")

    def prices(self, *, on: str | None = None) -> tuple[RateCard, ...]:
        """The price book; ``on`` as it was known on a day."""
        return self.get(tuple[RateCard, ...], "/api/prices", {"on": on})

    def review(self, request: ReviewRequest) -> Review:
        """The review of a pilot under the given assumptions; nothing is stored."""
        return self.post(Review, "/api/reviews:compute", request)

    def workloads(self) -> tuple[WorkloadState, ...]:
        """What can be trained, and by which workers."""
        return self.get(tuple[WorkloadState, ...], "/api/workloads")

    def curves(
        self,
        *,
        workload: str | None = None,
        device: str | None = None,
        page: int = 1,
        page_size: int = 200,
    ) -> Page[CurveState]:
        """Measured throughput curves, newest first."""
        query = {"workload": workload, "device": device, "page": page, "page_size": page_size}
        return self.get(Page[CurveState], "/api/throughput", query)

    def curve(self, number: int, *, compared_with: int | None = None) -> CurveFacts:
        """One curve with its fit, its chart perhaps with another beside it."""
        query = {"compared_with": compared_with}
        return self.get(CurveFacts, f"/api/throughput/{number}", query)

    def retire_curve(self, number: int) -> CurveState:
        """Asks for another measurement in a curve's place."""
        return self.post(CurveState, f"/api/throughput/{number}:retire")

    def plan(self, request: Mapping[str, Any]) -> PlanFacts:
        """What a plan would cost and take; it need not be valid, and nothing is stored."""
        return self.post(PlanFacts, "/api/plans:compute", dict(request))

    def control(self, request: Mapping[str, Any]) -> Control:
        """Today's formula for the effort of a candidate; nothing is stored."""
        return self.post(Control, "/api/plans:control", dict(request))

    def drafts(self) -> tuple[DraftState, ...]:
        """Plans that this person left unfinished, newest first."""
        return self.get(tuple[DraftState, ...], "/api/drafts")

    def draft(self, draft_id: str) -> Draft:
        """A plan that somebody left unfinished."""
        return self.get(Draft, f"/api/drafts/{draft_id}")

    def save_draft(self, draft_id: str, body: Mapping[str, Any]) -> None:
        """Keeps an unfinished plan."""
        self.post(None, f"/api/drafts/{draft_id}", dict(body), method="PUT")

    def delete_draft(self, draft_id: str) -> None:
        """Throws an unfinished plan away."""
        self.post(None, f"/api/drafts/{draft_id}", method="DELETE")

    def live(self, pilot_id: str, *, run_id: str | None = None) -> LiveView:
        """Everything about a pilot at this moment; ``run_id`` names a run looked at closely."""
        return self.get(LiveView, f"/api/pilots/{pilot_id}/live", {"run_id": run_id})

    def rollback_procedure(self, pilot_id: str) -> RollbackProcedure:
        """How what a pilot recommends is watched in production and taken back."""
        return self.get(RollbackProcedure, f"/api/pilots/{pilot_id}/rollback-procedure")

    def run_log(self, run_id: str, *, attempt: int | None, search: str, limit: int) -> RunLog:
        """The newest lines that a run's trainer printed; without an attempt, of its last one."""
        query = {"attempt": attempt, "search": search or None, "limit": limit}
        return self.get(RunLog, f"/api/runs/{run_id}/log", query)

    def cancel_pilot(self, pilot_id: str, *, reason: str) -> PilotState:
        """Ends a pilot and all its runs."""
        return self.post(PilotState, f"/api/pilots/{pilot_id}:cancel", RunOrder(reason=reason))

    def raise_caps(self, pilot_id: str, limits: Mapping[str, object]) -> PilotState:
        """Lets a pilot or its runs use more."""
        return self.post(PilotState, f"/api/pilots/{pilot_id}:raise-cap", dict(limits))

    def order_run(self, run_id: str, order: Order, *, reason: str) -> RunState:
        """Cancels, pauses, resumes or retries a run."""
        return self.post(RunState, f"/api/runs/{run_id}:{order}", RunOrder(reason=reason))

    def prioritise_run(self, run_id: str, *, priority: int) -> RunState:
        """Moves a run in the queue."""
        body = RunPriority(priority=priority)
        return self.post(RunState, f"/api/runs/{run_id}:prioritise", body)

    def get(self, kind: type[Value], path: str, query: Query | None = None) -> Value:
        """The decoded answer to a question."""
        given = {name: value for name, value in (query or {}).items() if value is not None}
        return decode(kind, self._send("GET", path, params=given))

    def post(
        self,
        kind: type[Value] | None,
        path: str,
        body: object = None,
        *,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> Value:
        """The decoded answer to an order, as it came for ``bytes``; None: it is not looked at."""
        answer = self._send(
            method,
            path,
            content=b"" if body is None else encode(body),
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        if kind is None or kind is bytes:
            return answer  # type: ignore[return-value]
        return decode(kind, answer)

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The body of a good answer.

        Raises:
            ApiUnreachable: There was none.
            SignedOut: The API does not know the credential.
            ApiRefused: It refused for another reason.
        """
        try:
            answer = self._http.request(
                method,
                path,
                params=params,
                content=content,
                headers={**self._headers, **(headers or {})},
            )
        except httpx.TransportError as error:
            raise ApiUnreachable(str(error)) from error
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            raise SignedOut
        if answer.is_error:
            raise ApiRefused(answer.status_code, _problems(answer))
        return answer.content


def _problems(answer: httpx.Response) -> tuple[FieldProblem, ...]:
    if answer.headers.get("content-type") != "application/problem+json":
        return (FieldProblem(field="", code="internal_error"),)
    body = answer.json()
    listed = body.get("errors") or [
        {"field": "", "code": body["code"], "params": body.get("params", {})}
    ]
    return tuple(
        FieldProblem(field=found["field"], code=found["code"], params=found.get("params", {}))
        for found in listed
    )
