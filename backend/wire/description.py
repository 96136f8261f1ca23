"""The API as its description states it: what each address takes, and who need not say who he is."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from backend.access.answer_headers import AnswerHeaders
from backend.access.security import PUBLIC

_PARAMETER = re.compile(r"\{[^}]+\}")

ACTION = ":"
"""Behind it stands what is done with a thing; no identifier holds it."""


class DescribedApi(FastAPI):
    """FastAPI that describes its public routes as such and knows what an address takes."""

    def __init__(self, **how: Any) -> None:  # noqa: ANN401  # what FastAPI takes
        self._routes: list[APIRoute] = []
        super().__init__(**how)

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if self.openapi_schema is None:
            described = super().openapi()
            for route in PUBLIC:
                method, path = route.split(" ")
                described["paths"][path][method.lower()]["security"] = []
        return super().openapi()

    def build_middleware_stack(self) -> ASGIApp:
        """Around everything else, so that an answer to an unknown failure has its headers, too."""
        return AnswerHeaders(super().build_middleware_stack())

    def serve(self, routes: Iterable[APIRoute]) -> None:
        """Serves routes, and knows what they take."""
        self._routes = [*routes]
        self.router.routes.extend(self._routes)

    def methods_at(self, path: str) -> frozenset[str]:
        """Every method that an address takes."""
        found = (one for one in self._routes if _pattern(one.path_format).fullmatch(path))
        return frozenset(method for route in found for method in route.methods or ())


@cache
def _pattern(path: str) -> re.Pattern[str]:
    """Addresses of a path: a parameter is one part without an action."""
    parts = map(re.escape, _PARAMETER.split(path))
    return re.compile(f"[^/{ACTION}]+".join(parts), re.DOTALL)
