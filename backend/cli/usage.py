"""What click refuses of a command line, in the reader's language like every other refusal."""

from collections.abc import Sequence
from typing import Any

import click

from backend.cli.typed import typed_name
from backend.wire.problems import Params, Problem
from wording.catalogue import say
from wording.language import Language
from wording.refusals import refusal_line


def usage_refused(error: click.UsageError, arguments: Sequence[str], language: Language) -> str:
    """What is wrong, and how the command is called where it is known which one it is."""
    found = problem_of(error, arguments)
    line = refusal_line(found.field, found.code, language, found.params)
    if error.ctx is None:
        return line
    path = error.ctx.command_path
    called = " ".join((path, *error.ctx.command.collect_usage_pieces(error.ctx)))
    return f"{line}\n{say('cli.usage', language, called=called, more=f'{path} --help')}"


def problem_of(error: click.UsageError, arguments: Sequence[str]) -> Problem:
    """A refusal of click as one of ours.

    Args:
        error: Of a command line.
        arguments: All of that line.
    """
    match error:
        case click.NoSuchOption():
            return _unknown_option(error.option_name, error.possibilities)
        case click.NoSuchCommand():
            return _unknown_command(error.command_name, error.possibilities)
        case click.BadOptionUsage():
            has_value = any(one.startswith(f"{error.option_name}=") for one in arguments)
            code = "option_takes_no_value" if has_value else "option_without_value"
            return Problem(field=error.option_name, code=code)
        case click.MissingParameter():
            return _missing(error.param)
        case click.BadParameter():
            return _wrong_value(error.param)
    if error.ctx is not None and isinstance(error.ctx.command, click.Group):
        return Problem(field="", code="command_missing")
    too_many = error.message.partition("(")[2].rpartition(")")[0]  # click says it nowhere else
    return Problem(field="", code="too_many_arguments", params={"arguments": too_many})


def _unknown_option(name: str, near: Sequence[str] | None) -> Problem:
    code = "option_misspelt" if near else "option_unknown"
    return Problem(field=name, code=code, params={"near": ", ".join(near or ())})


def _unknown_command(name: str, near: Sequence[str] | None) -> Problem:
    code = "command_misspelt" if near else "command_unknown"
    return Problem(field=name, code=code, params={"near": ", ".join(near or ())})


def _missing(parameter: click.Parameter | None) -> Problem:
    field = "" if parameter is None else typed_name(parameter)
    if parameter is not None and isinstance(parameter.type, click.Choice):
        return Problem(field=field, code="choice_missing", params=_allowed(parameter.type))
    return Problem(field=field, code="parameter_missing")


def _wrong_value(parameter: click.Parameter | None) -> Problem:
    """What the value has to be: click's sentence alone says what was wrong with it."""
    if parameter is None:
        return Problem(field="", code="value_not_taken")
    field = typed_name(parameter)
    match parameter.type:
        case click.Choice() as kind:
            return Problem(field=field, code="not_one_of", params=_allowed(kind))
        case click.Path():
            return _wrong_path(field, parameter)
        case _:
            return _wrong_number(field, parameter)


def _wrong_number(field: str, parameter: click.Parameter) -> Problem:
    match parameter.type:
        case click.IntRange(min=int(low), max=None):
            return Problem(field=field, code="whole_number_from", params={"low": low})
        case click.IntRange(min=int(low), max=int(high)):
            limits: Params = {"low": low, "high": high}
            return Problem(field=field, code="whole_number_between", params=limits)
        case click.FloatRange(min=int() | float() as low, min_open=True, max=None):
            return Problem(field=field, code="number_above", params={"low": low})
        case click.types.IntParamType():
            return Problem(field=field, code="not_a_whole_number")
        case click.types.FloatParamType():
            return Problem(field=field, code="not_any_number")
        case _:
            return Problem(field=field, code="value_not_taken")


def _wrong_path(field: str, parameter: click.Parameter) -> Problem:
    match parameter.type:
        case click.Path(file_okay=False, exists=True):
            return Problem(field=field, code="no_folder_there")
        case click.Path(file_okay=False):
            return Problem(field=field, code="path_of_a_file")
        case click.Path(dir_okay=False):
            return Problem(field=field, code="path_of_a_folder")
        case _:
            return Problem(field=field, code="path_unreadable")


def _allowed(kind: click.Choice[Any]) -> Params:
    return {"allowed": ", ".join(map(str, kind.choices))}
