"""Serves the API: ``python -m backend``, with ``PAYBATCH_*`` variables as settings."""

from backend.main import create_app
from backend.serving import server
from backend.settings import Settings, current_settings
from wording import log_lines


def serve(settings: Settings) -> None:
    """Serves until it is told to stop."""
    log_lines.set_up()
    server.serve(create_app(settings), settings)


if __name__ == "__main__":
    serve(current_settings())
