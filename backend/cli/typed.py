"""What a reader typed for a value that was refused: an option, an argument or a variable."""

from dataclasses import fields

import click
from click.core import ParameterSource

from backend.settings import PREFIX, Settings

OTHERWISE = {"amount": "price", "id": "price_id", "url": "address"}
"""Parameters of commands that give a field of another name."""

_SETTINGS = frozenset(one.name for one in fields(Settings))


def as_typed(field: str, context: click.Context | None) -> str:
    """The field of a refusal by the name under which whoever runs a command can change it.

    Args:
        field: As the rooms call it, such as ``older_than_days``.
        context: Of the command that was refused; None for a program without options.
    """
    typed = None if context is None else _typed(field, context)
    if typed is not None:
        return typed
    return f"{PREFIX}{field.upper()}" if field in _SETTINGS else field


def typed_name(parameter: click.Parameter) -> str:
    """An option or argument as whoever runs a command types it."""
    is_option = isinstance(parameter, click.Option)
    return parameter.opts[0] if is_option else parameter.human_readable_name


def _typed(field: str, context: click.Context) -> str | None:
    """The option or argument that gave a field; None where the environment or a file did."""
    found = _parameter(field, context)
    if found is None:
        return None
    source = context.get_parameter_source(found.name or "")
    if field in _SETTINGS and source is not ParameterSource.COMMANDLINE:
        return None
    return typed_name(found)


def _parameter(field: str, context: click.Context) -> click.Parameter | None:
    """The parameter of a field; units behind its name do not matter."""
    named = {_said(one): one for one in context.command.params}
    other = named.get(OTHERWISE.get(field, ""))
    if other is not None:
        return other
    known = [name for name in named if field == name or field.startswith(f"{name}_")]
    return named[max(known, key=len)] if known else None


def _said(parameter: click.Parameter) -> str:
    """The parameter's own word, whatever the function calls it that takes it."""
    return parameter.opts[0].lstrip("-").replace("-", "_")
