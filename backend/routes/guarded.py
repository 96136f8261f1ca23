"""Routers whose routes ask who comes first."""

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from backend.routes.dependencies import ADMISSION, REFUSALS
from backend.routes.one_thread import OneThread


def guarded(
    *, tags: list[str], prefix: str = "/api", route_class: type[APIRoute] = OneThread
) -> APIRouter:
    """A router that lets nobody in unasked, and tells the refusals that all routes share.

    Its routes are served as they are: to include them in a router that guards would make each
    twice, and making them is the longest part of a start.
    """
    return APIRouter(
        prefix=prefix,
        tags=[*tags],
        route_class=route_class,
        dependencies=[Depends(ADMISSION)],
        responses=REFUSALS,
    )


def is_guarded(route: APIRoute) -> bool:
    """Whether it asks who comes."""
    return any(given.dependency is ADMISSION for given in route.dependencies)
