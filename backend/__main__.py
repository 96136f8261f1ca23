"""Serves the API: ``python -m backend``, with ``PAYBATCH_*`` variables as settings."""

import os
import sys

from backend.cli.options import default_language
from backend.main import create_app, prepare
from backend.oidc.set_up import secret_of
from backend.secrecy import hide_from_plug_ins
from backend.serving import server
from backend.settings import Settings, current_settings
from planner.refusal import Refusal
from wording import log_lines
from wording.redaction import redaction_of
from wording.refusals import refusal_line


def serve(settings: Settings) -> None:
    """Serves until it is told to stop.

    Raises:
        Refusal: The API cannot start on this data folder.
    """
    hide_from_plug_ins()
    log_lines.set_up(clean=redaction_of((*settings.secrets, secret_of(settings))))
    prepare(settings)
    server.serve(create_app(settings), settings)


if __name__ == "__main__":
    try:
        serve(current_settings())
    except Refusal as refusal:
        language = default_language(os.environ)
        sys.exit(refusal_line(refusal.field, refusal.code, language, refusal.params))
