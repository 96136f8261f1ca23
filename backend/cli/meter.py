"""How far a long transfer is: a bar on a terminal, a line for every tenth in a log."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from wording.catalogue import say
from wording.language import Language
from wording.numbers import number, percent

_BYTES_PER_MB = 1e6
_TOLD_EVERY_FRACTION = 0.1
"""Between two lines of a log."""


class Meter(Protocol):
    """Shows how far a fetch is."""

    def show(self, done_bytes: int, size_bytes: int) -> None:
        """That many bytes are here."""


@contextmanager
def meter(name: str, language: Language) -> Iterator[Meter]:
    """A bar on a terminal, lines in a log."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield LoggedMeter(name, language)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, DownloadColumn(), TimeRemainingColumn(), console=console) as bar:
        yield BarMeter(bar, name)


class BarMeter:
    """A bar that fills."""

    def __init__(self, bar: Progress, name: str) -> None:
        self._bar = bar
        self._task = bar.add_task(name, total=None)

    def show(self, done_bytes: int, size_bytes: int) -> None:
        """That many bytes are here."""
        self._bar.update(self._task, completed=done_bytes, total=size_bytes)


class LoggedMeter:
    """A line for every tenth."""

    def __init__(self, name: str, language: Language) -> None:
        self._name = name
        self._language = language
        self._next_fraction = 0.0

    def show(self, done_bytes: int, size_bytes: int) -> None:
        """That many bytes are here."""
        fraction = done_bytes / size_bytes
        if fraction < self._next_fraction:
            return
        done = done_bytes == size_bytes
        self._next_fraction = math.inf if done else min(1.0, fraction + _TOLD_EVERY_FRACTION)
        text = say(
            "data.progress",
            self._language,
            name=self._name,
            share=percent(fraction, self._language),
            done=megabytes(done_bytes, self._language),
            size=megabytes(size_bytes, self._language),
        )
        click.echo(text, err=True)


def megabytes(size_bytes: int, language: Language) -> str:
    """Millions of bytes, with one decimal."""
    return f"{number(size_bytes / _BYTES_PER_MB, language, decimals=1)} MB"
