"""Options that every command understands, and how input that they refuse is told."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import click
import httpx

from backend.problems import InputError, Problem
from planner.refusal import Refusal
from wording.catalogue import LANGUAGES
from wording.language import Language
from wording.refusals import refusal_line

Command = TypeVar("Command", bound=Callable[..., Any])

_LANGUAGE_KEY = "paybatch.language"


def language_option(command: Command) -> Command:
    """Adds ``--lang``; the command takes it as ``language``."""
    return click.option(
        "--lang",
        "language",
        type=click.Choice(LANGUAGES),
        default=lambda: default_language(os.environ),
        show_default="PAYBATCH_LANG, or the language of the terminal",
        callback=_remember_language,
        is_eager=True,
        help="Language of messages.",
    )(command)


def out_option(command: Command) -> Command:
    """Adds ``--out``; without it a command answers on standard output."""
    return click.option(
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        default=None,
        help="File to write instead of standard output; one that is there is replaced.",
    )(command)


def file_argument(command: Command) -> Command:
    """Adds ``FILE``, in YAML or JSON."""
    return click.argument("file", type=click.Path(path_type=Path))(command)


def default_language(environment: Mapping[str, str]) -> Language:
    """Japanese where the environment asks for it, else English."""
    wanted = environment.get("PAYBATCH_LANG") or environment.get("LANG", "")
    return "ja" if wanted.lower().startswith("ja") else "en"


class Failed(click.ClickException):
    """Ends a command with exit code 1 and sentences in the reader's language."""

    exit_code = 1

    def show(self, file: Any = None) -> None:  # noqa: ANN401  # as click declares it
        """Writes the sentences to standard error, without click's English prefix."""
        click.echo(self.message, err=True, file=file)


class InputRefused(Failed):
    """Ends a command with exit code 2, as click itself does for wrong options."""

    exit_code = 2


class RefusingGroup(click.Group):
    """A group whose commands may refuse their input by raising what the rooms raise."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # as click declares it
        """Runs the command; a refusal becomes its message in the reader's language."""
        try:
            return super().invoke(ctx)
        except (InputError, Refusal, httpx.TransportError, httpx.HTTPStatusError) as error:
            given = ctx.meta.get(_LANGUAGE_KEY, default_language(os.environ))
            language = cast("Language", given)
            lines = [
                refusal_line(found.field, found.code, language, found.params)
                for found in problems_of(error)
            ]
            raise InputRefused("\n".join(lines)) from error


def problems_of(
    error: InputError | Refusal | httpx.TransportError | httpx.HTTPStatusError,
) -> tuple[Problem, ...]:
    """What a command was refused, by its own rules or by the API."""
    match error:
        case InputError():
            return error.problems
        case Refusal():
            return (Problem(field=error.field, code=error.code, params=error.params),)
        case httpx.HTTPStatusError():
            body = error.response.json()
            return (Problem(field="", code=body["code"], params=body.get("params", {})),)
        case httpx.TransportError():
            url = f"{error.request.url.scheme}://{error.request.url.netloc.decode()}"
            return (Problem(field="", code="server_unreachable", params={"url": url}),)


def _remember_language(
    ctx: click.Context, _parameter: click.Parameter, language: Language
) -> Language:
    ctx.meta[_LANGUAGE_KEY] = language
    return language
