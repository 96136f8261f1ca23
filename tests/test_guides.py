"""The guides and the README tell what is there: commands, targets of make, files and pictures."""

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from backend.cli import main
from frontend.guide_text import GUIDES, guide, passages
from wording.catalogue import LANGUAGES

ROOT = Path(__file__).parents[1]
TEXTS = sorted((ROOT / "docs" / "guide").glob("*.md"))
READ = [ROOT / "README.md", *TEXTS]
EXAMPLE = ROOT / "backend" / "data" / "example_pilot.yaml"
ALONE = ("schedule", "project", "schema")
"""Groups whose commands need neither a server nor results of a pilot."""

SLOW = ("schedule", "list")
"""Plans all published settings; its own tests do that once."""

MOST_BYTES = 260_000
"""Of one picture: a page is read, not downloaded."""


def commands_in(text: str) -> list[list[str]]:
    """Every call of paybatch in a block or between backticks, without its comment.

    A mention in a sentence, such as `paybatch token`, is a call without arguments.
    """
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`(paybatch [^`|]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    calls = [shlex.split(line, comments=True) for line in lines if "paybatch " in line]
    return [call[1:] for call in calls if call and call[0].endswith("paybatch")]


COMMANDS = sorted({tuple(call) for path in READ for call in commands_in(path.read_text("utf-8"))})


def command_of(call: tuple[str, ...]) -> tuple[click.Command, list[str]]:
    """The command that a call names, and what is left for it to read."""
    command: click.Command = main
    rest = list(call)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        assert name in command.commands, f"there is no command {name}"
        command = command.commands[name]
    return command, rest


def is_complete(call: tuple[str, ...]) -> bool:
    """Whether it can be typed as it stands: it has no placeholder, and is more than a name."""
    _, rest = command_of(call)
    return bool(rest) and not any(word.isupper() for word in rest)


def stands_alone(call: tuple[str, ...]) -> bool:
    """Whether it does all its work here, without a server or results of a pilot."""
    return call[0] in ALONE and is_complete(call) and call[:2] != SLOW


def put_files(call: tuple[str, ...], folder: Path) -> None:
    """Files that a call reads: a pilot where it asks for one, else something by that name."""
    for word in call:
        if Path(word).suffix in (".yaml", ".json", ".sh", ".csv"):
            place = folder / word
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(EXAMPLE, place)


def test_the_guides_are_there_for_both_readers_in_both_languages():
    names = [
        f"{reader}.{language}.md" for reader in ("engineers", "managers") for language in LANGUAGES
    ]
    assert [path.name for path in TEXTS] == names


@pytest.mark.parametrize("call", COMMANDS, ids=" ".join)
def test_a_command_of_a_guide_is_understood(call, tmp_path, monkeypatch):
    put_files(call, tmp_path)
    monkeypatch.chdir(tmp_path)
    command, rest = command_of(call)
    if is_complete(call):
        command.make_context(" ".join(call), rest)


@pytest.mark.parametrize("call", list(filter(stands_alone, COMMANDS)), ids=" ".join)
def test_a_command_that_stands_alone_does_what_the_guide_says(call, tmp_path, monkeypatch):
    put_files(call, tmp_path)
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(main, call)
    assert told.exit_code == 0, told.output


def test_every_target_of_make_that_is_named_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        name
        for path in READ
        for name in re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert named
    assert named <= targets


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_every_link_and_every_picture_of_a_guide_exists(path):
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8"))
    assert linked
    assert [link for link in linked if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("reader", ["managers", "engineers"])
def test_both_languages_show_the_same_pictures_and_give_the_same_commands(reader):
    english, japanese = (
        (GUIDES / f"{reader}.{language}.md").read_text("utf-8") for language in LANGUAGES
    )
    pictures = [
        [
            found.picture.name.split(".")[0]
            for found in guide(reader, language).passages
            if found.picture
        ]
        for language in LANGUAGES
    ]
    assert pictures[0] == pictures[1] != []
    assert commands_in(english) == commands_in(japanese)
    assert english.count("\n## ") == japanese.count("\n## ")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_stars_make_bold_also_beside_japanese_brackets(path):
    shown = MarkdownIt().enable("table").render(path.read_text("utf-8"))
    assert re.findall(r".{9}\*\*.{9}", re.sub(r"<pre>.*?</pre>", "", shown, flags=re.DOTALL)) == []


def test_pictures_of_the_guide_are_small_enough_to_be_read_over_a_slow_line():
    sizes = {path.name: path.stat().st_size for path in (GUIDES / "pictures").glob("*.png")}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}


def test_a_page_shows_pictures_between_passages_and_no_link_that_leads_nowhere():
    told = passages("See [exports](../exports.md).\n\n![The page](pictures/plan.en.png)\n\nEnd.\n")
    assert [(found.text, found.alt) for found in told] == [
        ("See exports.", "The page"),
        ("End.", ""),
    ]
    assert told[0].picture == GUIDES / "pictures" / "plan.en.png"
