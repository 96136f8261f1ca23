"""Health and the description of the API."""

import json
import threading

from fastapi import Request, Response
from fastapi.routing import APIRoute

from backend import VERSION
from backend.routes.dependencies import installation_of
from backend.routes.guarded import guarded
from backend.vitals import Vitals
from planner.exchange.states import Health, Ready

router = guarded(tags=["health"], route_class=APIRoute)

_ONE_WRITES = threading.Lock()
"""Writing the description takes a second of a processor, once."""


@router.get("/health")
async def read_health(request: Request) -> Health:
    """Whether the API answers; no thread and no database is asked."""
    provider = installation_of(request).provider
    return Health(
        version=VERSION, sign_in_url=None if provider is None else provider.client.start_url
    )


@router.get("/ready")
async def read_readiness(request: Request) -> Ready:
    """Whether work should be sent here now; if not, the code says why.

    Raises:
        RequestError: 503 while it leaves, has no room to store, or its own looks are late.
    """
    vitals: Vitals = request.app.state.vitals
    vitals.check()
    return Ready()


@router.get(
    "/openapi.json",
    response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def read_description(request: Request) -> Response:
    """This description; written once, for it is long."""
    kept = request.app.state
    with _ONE_WRITES:
        if not hasattr(kept, "description"):
            kept.description = json.dumps(request.app.openapi()).encode()
    return Response(kept.description, media_type="application/json")
