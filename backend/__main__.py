"""Serves the API: ``python -m backend``, with ``PAYBATCH_*`` variables as settings."""

import uvicorn

from backend.main import create_app
from backend.settings import current_settings


def main() -> None:
    """Serves until it is told to stop."""
    settings = current_settings()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
