import click
import pytest
from click.testing import CliRunner

from backend.cli import main


def commands(group, path=()):
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands(main))


def test_the_commands_are_the_ones_that_people_are_told_of():
    assert {path[0] for path in COMMANDS} >= {
        *("api", "doctor", "economics", "pilot", "project"),
        *("price", "review", "schedule", "schema", "token", "up", "worker"),
    }


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_says_what_a_command_does_with_an_example(path):
    shown = CliRunner().invoke(main, [*path, "--help"])
    assert shown.exit_code == 0
    assert "Example" in shown.output
    assert f"paybatch {' '.join(path)}" in shown.output.partition("Example")[2]
    assert COMMANDS[path].help


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_speaks_both_languages(path):
    (option,) = [found for found in COMMANDS[path].params if found.name == "language"]
    assert option.opts == ["--lang"]
    assert list(option.type.choices) == ["en", "ja"]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_option_is_explained(path):
    options = [found for found in COMMANDS[path].params if isinstance(found, click.Option)]
    silent = [found.opts for found in options if not found.help and found.name != "form"]
    assert silent == []


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"PAYBATCH_LANG": "ja", "LANG": "en_US.UTF-8"}, "ファイルが見つかりません"),
        ({"PAYBATCH_LANG": "", "LANG": "ja_JP.UTF-8"}, "ファイルが見つかりません"),
        ({"PAYBATCH_LANG": "", "LANG": "C.UTF-8"}, "There is no such file"),
    ],
)
def test_the_language_is_the_one_of_the_terminal_unless_it_is_named(environment, told):
    answer = CliRunner().invoke(main, ["economics", "none.yaml"], env=environment)
    assert answer.exit_code == 2
    assert told in answer.stderr


def test_the_version_is_the_one_that_is_installed():
    assert "0.1.0" in CliRunner().invoke(main, ["--version"]).output
