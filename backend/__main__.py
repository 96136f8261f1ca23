"""Serves the API: ``python -m backend``, with ``PAYBATCH_*`` variables as settings."""

import uvicorn

from backend.main import create_app
from backend.settings import Settings, current_settings


def serve(settings: Settings) -> None:
    """Serves until it is told to stop."""
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        log_level="warning",
    )


if __name__ == "__main__":
    serve(current_settings())
