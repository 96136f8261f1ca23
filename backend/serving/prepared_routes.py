"""Routes that are ready before the first request: making them takes seconds of a processor.

FastAPI makes those of included routers when the first request passes them, on the event loop,
where everybody else waits for it.
"""

from fastapi import FastAPI


def prepare_routes(app: FastAPI) -> None:
    """Has every route made, by a request that matches none."""
    scope = {"type": "http", "method": "GET", "path": "/", "root_path": "", "headers": []}
    for route in app.router.routes:
        route.matches({**scope, "app": app})
