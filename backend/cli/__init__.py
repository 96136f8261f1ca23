"""The command ``paybatch``; one module a group of commands."""

from backend.cli.main import main

__all__ = ["main"]
