"""The API as a program: its secrets hidden, its data folder checked, served until told to stop."""

from backend.access.secrecy import hide_from_plug_ins
from backend.main import create_app, prepare
from backend.oidc.set_up import secret_of
from backend.serving import server
from backend.settings import Settings
from wording import log_lines
from wording.redaction import redaction_of


def serve(settings: Settings) -> None:
    """Serves until it is told to stop.

    Raises:
        Refusal: The API cannot start on this data folder.
    """
    hide_from_plug_ins()
    log_lines.set_up(clean=redaction_of((*settings.secrets, secret_of(settings))))
    prepare(settings)
    server.serve(create_app(settings), settings)
