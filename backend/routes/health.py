"""Health and the description of the API."""

from typing import Any

from fastapi import APIRouter, Request

from backend import VERSION
from backend.routes.dependencies import installation_of
from backend.vitals import Vitals
from planner.exchange.states import Health, Ready

router = APIRouter(prefix="/api", tags=["health"])


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


@router.get("/openapi.json")
def read_description(request: Request) -> dict[str, Any]:
    """This description."""
    description: dict[str, Any] = request.app.openapi()
    return description
