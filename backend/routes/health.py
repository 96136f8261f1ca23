"""Health and the description of the API."""

from typing import Any

from fastapi import APIRouter, Request

from backend import VERSION
from planner.exchange.states import Health

router = APIRouter(prefix="/api", tags=["health"])


@router.get("/health")
def read_health() -> Health:
    """Whether the API answers."""
    return Health(version=VERSION)


@router.get("/openapi.json")
def read_description(request: Request) -> dict[str, Any]:
    """This description."""
    description: dict[str, Any] = request.app.openapi()
    return description
