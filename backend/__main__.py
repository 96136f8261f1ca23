"""Serves the API: ``python -m backend``, with ``PAYBATCH_*`` variables as settings."""

import os
import sys

from backend.cli.options import default_language
from backend.serving.api import serve
from backend.settings import current_settings
from planner.refusal import Refusal
from wording.refusals import refusal_line

if __name__ == "__main__":
    try:
        serve(current_settings())
    except Refusal as refusal:
        language = default_language(os.environ)
        sys.exit(refusal_line(refusal.field, refusal.code, language, refusal.params))
