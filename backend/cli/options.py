"""Options that every command understands, and how input that they refuse is told."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from click.exceptions import NoArgsIsHelpError

from backend.cli.typed import as_typed
from backend.cli.usage import usage_refused
from backend.wire.problems import InputError, Problem
from paybatch import Problem as FieldProblem
from paybatch import Refused, Unreachable
from planner.devices.device_count import MOST_DEVICES
from planner.refusal import Refusal, require
from wording.catalogue import LANGUAGES, say
from wording.language import Language
from wording.refusals import refusal_line

Command = TypeVar("Command", bound=Callable[..., Any])

LANGUAGE_VARIABLE = "PAYBATCH_LANG"

_GPUS = r"[0-9]{1,3}(-[0-9]{1,3})?"
_DEVICE = re.compile(rf"cpu|cuda:{_GPUS}(,{_GPUS})*", re.ASCII)

_COMMAND_KEY = "paybatch.command"
_GIVEN_KEY = "paybatch.given"


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


DEVICES_HELP = (
    "One worker each: cpu, cuda:0, or several GPUs of one worker as cuda:0,1 or cuda:0-3. "
    "Without it a worker for every GPU, or for the processor."
)


def devices_option(help_text: str = DEVICES_HELP) -> Callable[[Command], Command]:
    """Adds ``--device``, which may be given several times; the command takes it as ``devices``."""
    return click.option(
        "--device", "devices", multiple=True, callback=_check_devices, help=help_text
    )


def device_count_option(command: Command) -> Command:
    """Adds ``--device-count``, which the command takes as ``device_count``."""
    return click.option(
        "--device-count",
        type=click.IntRange(1, MOST_DEVICES),
        default=1,
        metavar="N",
        help="Of the worker on the processor: N processes that can train one run together.",
    )(command)


def default_language(environment: Mapping[str, str]) -> Language:
    """The language of ``PAYBATCH_LANG``, else of the terminal.

    Raises:
        Refusal: The variable names none of ours.
    """
    wanted = environment.get(LANGUAGE_VARIABLE, "").lower()
    if not wanted:
        return terminal_language(environment)
    allowed = ", ".join(LANGUAGES)
    require(wanted in LANGUAGES, LANGUAGE_VARIABLE, "not_one_of", allowed=allowed)
    return cast("Language", wanted)


def terminal_language(environment: Mapping[str, str]) -> Language:
    """Japanese where the terminal asks for it, else English."""
    return "ja" if environment.get("LANG", "").lower().startswith("ja") else "en"


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
    """A group whose commands may refuse their input by raising what the rooms or click raise."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401  # as click declares it
    ) -> click.Context:
        """Reads what stands before the command, and keeps the whole line."""
        given = tuple(args)
        try:
            context = super().make_context(info_name, args, parent, **extra)
        except NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise InputRefused(usage_refused(error, given, _asked_language(given))) from error
        context.meta[_GIVEN_KEY] = given
        return context

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # as click declares it
        """Runs the command; a refusal becomes its message in the reader's language."""
        given = ctx.meta[_GIVEN_KEY]
        try:
            return super().invoke(ctx)
        except NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            _, language = _running(ctx)
            raise InputRefused(usage_refused(error, given, language)) from error
        except (InputError, Refusal, Refused, Unreachable) as error:
            command, language = _running(ctx)
            lines = [
                refusal_line(as_typed(found.field, command), found.code, language, found.params)
                for found in problems_of(error)
            ]
            raise InputRefused("\n".join(lines)) from error
        except KeyboardInterrupt as stopped:
            _, language = _running(ctx)
            said = say("cli.interrupted", language)
            raise Failed(f"\n{said}") from stopped  # below the ^C of the terminal


def _running(ctx: click.Context) -> tuple[click.Context | None, Language]:
    """The command that runs, None where it was not found, and the language of its reader."""
    found: tuple[click.Context, Language] | None = ctx.meta.get(_COMMAND_KEY)
    return found or (None, _asked_language(ctx.meta[_GIVEN_KEY]))


def _asked_language(arguments: Sequence[str]) -> Language:
    """The language of a line that no command could read."""
    asked = re.findall(r"--lang[ =](\w+)", " ".join(arguments))
    if asked and asked[-1] in LANGUAGES:
        return cast("Language", asked[-1])
    try:
        return default_language(os.environ)
    except Refusal:
        return terminal_language(os.environ)


def problems_of(
    error: InputError | Refusal | Refused | Unreachable,
) -> Iterable[Problem | FieldProblem]:
    """What a command was refused, by its own rules or by the API."""
    match error:
        case InputError() | Refused():
            return error.problems
        case Refusal():
            return (Problem(field=error.field, code=error.code, params=error.params),)
        case Unreachable():
            return (Problem(field="", code="server_unreachable", params={"url": error.url}),)


def _remember_language(
    ctx: click.Context, _parameter: click.Parameter, language: Language
) -> Language:
    """Keeps the command that runs, and its reader's language, for what it may be refused."""
    ctx.meta[_COMMAND_KEY] = (ctx, language)
    return language


def _check_devices(
    _context: click.Context, _parameter: click.Parameter, devices: Sequence[str]
) -> Sequence[str]:
    for device in devices:
        require(bool(_DEVICE.fullmatch(device)), "device", "device_name_wrong", name=device[:40])
    return devices
