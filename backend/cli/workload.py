"""``paybatch workload``: the user's own models and data, tried before they are trained."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from backend.cli.files import write_json
from backend.cli.options import language_option, out_option
from backend.cli.plug_ins import PATIENCE_S, descriptions, findings, problem_sentence
from backend.wire.codec import encode
from planner.pilots.plug_in import PlugInDescription, PlugInFinding, PlugInProblem
from planner.pilots.workload import BUILT_IN
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number

EXAMPLE = """\b
Example, with the template of docs/plug-in-template:
  pip install docs/plug-in-template
  paybatch workload check breast-cancer-mlp
"""


@click.group()
def workload() -> None:
    """Workloads of plug-ins that are installed on this computer."""


@workload.command(epilog=EXAMPLE)
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON instead of sentences.")
@click.option(
    "--patience",
    "patience_s",
    type=click.FloatRange(min=0, min_open=True),
    default=PATIENCE_S,
    show_default=True,
    help="Longest time between two findings, in seconds.",
)
@language_option
def check(name: str, as_json: bool, patience_s: float, language: Language) -> None:
    """Tries the plug-in NAME in a program of its own: data, model, loss, 20 steps, same again.

    What comes with Paybatch needs no check. The exit code is 1 if it cannot be trained; warnings
    do not keep it from being trained.
    """
    if name in BUILT_IN:
        if as_json:
            write_json([], None)
        else:
            click.echo(say("plug_in.built_in", language, name=name))
        return
    made = findings(name, patience_s=patience_s)
    if as_json:
        found = tuple(made)
        write_json([encode(one) for one in found], None)
    else:
        found = _shown(made, language)
        verdict = "unfit" if _is_unfit(found) else "fit"
        click.echo(say(f"plug_in.{verdict}", language, name=name))
    if _is_unfit(found):
        sys.exit(1)


@workload.command(name="list", epilog="\b\nExample:\n  paybatch workload list --json")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON instead of sentences.")
@out_option
@language_option
def listing(as_json: bool, out: Path | None, language: Language) -> None:
    """Lists the installed plug-ins with what they bring, or with what is wrong."""
    found = descriptions()
    if as_json:
        write_json([encode(one) for one in found], out)
        return
    if not found:
        click.echo(say("plug_in.none_installed", language))
    for one in found:
        click.echo(_listed(one, language))


def _shown(made: Iterable[PlugInFinding], language: Language) -> tuple[PlugInFinding, ...]:
    """Says every finding as soon as it is made."""
    found = []
    for one in made:
        found.append(one)
        mark = say(f"plug_in.mark_{one.outcome}", language)
        if one.outcome == "ok":
            sentence = say(f"plug_in.check.{one.check}", language, **one.params)
        else:
            problem = PlugInProblem(code=one.code, params=one.params)
            sentence = problem_sentence(problem, language)
        click.echo(say("plug_in.line", language, mark=mark, sentence=sentence))
    return tuple(found)


def _is_unfit(found: Iterable[PlugInFinding]) -> bool:
    return any(one.outcome == "problem" for one in found)


def _listed(one: PlugInDescription, language: Language) -> str:
    told = {"name": one.name, "version": one.version}
    if one.problem is not None:
        sentence = problem_sentence(one.problem, language)
        return say("plug_in.listed_problem", language, **told, sentence=sentence)
    if one.workload is None:
        raise AssertionError("a description holds a workload or a problem")
    return say(
        "plug_in.listed",
        language,
        **told,
        training=number(one.workload.training_samples, language),
        metrics=", ".join(one.workload.metrics),
    )
