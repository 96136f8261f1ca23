"""The API as ``python -m backend``, with ``PAYBATCH_*`` variables as settings."""

import gc
import os
import sys

from backend.cli.options import default_language, terminal_language
from backend.cli.typed import as_typed
from backend.serving.api import serve
from backend.settings import current_settings
from planner.refusal import Refusal
from wording.refusals import refusal_line


def main() -> None:
    """Serves, or ends with one line that says why it cannot."""
    gc.freeze()
    gc.enable()
    language = terminal_language(os.environ)
    try:
        language = default_language(os.environ)
        serve(current_settings())
    except Refusal as refusal:
        field = as_typed(refusal.field, None)
        sys.exit(refusal_line(field, refusal.code, language, refusal.params))
