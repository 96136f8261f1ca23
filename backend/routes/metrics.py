"""Metrics for Prometheus; a token of any role reads them."""

from fastapi import Request, Response

from backend.instruments.instruments import CONTENT_TYPE
from backend.routes.dependencies import Reading
from backend.routes.guarded import guarded
from backend.services import operations

router = guarded(tags=["health"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def read_metrics(request: Request, work: Reading) -> Response:
    """How the installation does, in the text format of Prometheus."""
    body = operations.exposed(work, request.app.state.vitals)
    return Response(body, media_type=CONTENT_TYPE)
