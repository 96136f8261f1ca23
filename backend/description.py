"""The API as its description states it: what each address takes, and who need not say who he is."""

import re
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from backend.answer_headers import AnswerHeaders
from backend.security import PUBLIC

_PARAMETER = re.compile(r"\{[^}]+\}")

ACTION = ":"
"""Behind it stands what is done with a thing; no identifier holds it."""


class DescribedApi(FastAPI):
    """FastAPI that describes its public routes as such and knows what an address takes."""

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

    def methods_at(self, path: str) -> frozenset[str]:
        """Every method that an address takes."""
        return frozenset().union(
            *(methods for address, methods in self._addresses if address.fullmatch(path))
        )

    @cached_property
    def _addresses(self) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
        return tuple(
            (_pattern(path), frozenset(method.upper() for method in operations))
            for path, operations in self.openapi()["paths"].items()
        )


def _pattern(path: str) -> re.Pattern[str]:
    """Addresses of a path: a parameter is one part without an action."""
    parts = map(re.escape, _PARAMETER.split(path))
    return re.compile(f"[^/{ACTION}]+".join(parts), re.DOTALL)
