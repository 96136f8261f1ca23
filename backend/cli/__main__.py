"""``python -m backend.cli`` is the command ``paybatch``."""

from backend.cli import main

main(prog_name="paybatch")
