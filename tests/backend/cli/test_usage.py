"""A command line that click itself refuses is refused in the reader's language."""

import os
import signal
import socket
import subprocess
import sys

import click
import pytest
from click import exceptions
from click.testing import CliRunner

from backend.cli import main
from backend.cli.usage import problem_of
from tests.backend.cli.test_commands import COMMANDS

UNKNOWN, COMMAND = exceptions.NoSuchOption, exceptions.NoSuchCommand
MISSING, USE = exceptions.MissingParameter, exceptions.BadOptionUsage
VALUE, LINE = exceptions.BadParameter, exceptions.UsageError

REFUSED = [
    (UNKNOWN, "open --nme x", "--nme", "Perhaps --name was meant.", "もしかして：--name。"),
    (UNKNOWN, "open --zzzzzz", "--zzzzzz", "has no such option.", "オプションはありません。"),
    (COMMAND, "tokn list", "tokn", "Perhaps token was meant.", "もしかして：token。"),
    (COMMAND, "token zzzzzz", "zzzzzz", "There is no such command.", "コマンドはありません。"),
    (MISSING, "token make", "--name", "This is missing. Add it.", "指定されていません。追加"),
    (MISSING, "token revoke", "TOKEN_ID", "This is missing. Add it.", "指定されていません。追加"),
    (MISSING, "price add x", "--kind", "Choose one of: on_demand", "選んでください：on_demand"),
    (USE, "open --name", "--name", "This option needs a value.", "値が必要です。"),
    (USE, "token list --ended=yes", "--ended", "takes no value.", "値は付けられません。"),
    (VALUE, "open --role king", "--role", "Choose one of: viewer", "選んでください：viewer"),
    (VALUE, "open --valid-minutes x", "--valid-minutes", "a whole number.", "整数を指定"),
    (VALUE, "price add x --price much", "--price", "This is not a number.", "数値を指定"),
    (VALUE, "up --device-count 0", "--device-count", "a whole number from 1 to", "1から"),
    (VALUE, "up --data /no/folder", "--data", "There is no such folder", "フォルダーがないか"),
    (VALUE, "review p --out /", "--out", "There is a folder at this path", "フォルダーがあるか"),
    (LINE, "token revoke a b c", "", "Left over: b c.", "余分な引数：b c。"),
    (LINE, "--", "", "A command is missing.", "コマンドが指定されていません。"),
]
"""Of click, a line that it refuses, what was typed wrong, and words in both languages."""

NEVER_MET = {
    exceptions.BadArgumentUsage: "no argument of ours takes a fixed number of values",
    exceptions.FileError: "commands open their files themselves",
    exceptions.NoArgsIsHelpError: "it shows the help",
}


def refusal(line: str, language: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What standard error says, in the language of the terminal."""
    monkeypatch.setenv("PAYBATCH_LANG", language)
    answer = CliRunner().invoke(main, line.split())
    assert answer.exit_code == 2
    return answer.stderr


@pytest.mark.parametrize(("kind", "line", "typed", "english", "japanese"), REFUSED)
def test_a_line_is_refused_with_what_was_typed_and_what_to_change(
    kind, line, typed, english, japanese, monkeypatch
):
    with pytest.raises(click.ClickException) as raised:
        main.main(line.split(), standalone_mode=False)
    assert type(raised.value.__cause__) is kind
    told_en, told_ja = (refusal(line, language, monkeypatch) for language in ("en", "ja"))
    if typed:
        assert told_en.startswith(f"{typed}: ")
        assert told_ja.startswith(f"{typed}：")
    assert english in told_en.splitlines()[0]
    assert japanese in told_ja.splitlines()[0]


def test_no_refusal_of_click_is_without_words():
    of_click = {
        kind
        for kind in vars(exceptions).values()
        if isinstance(kind, type) and issubclass(kind, click.UsageError | exceptions.FileError)
    }
    assert of_click == {kind for kind, *_ in REFUSED} | NEVER_MET.keys()


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_kind_of_value_is_refused_with_what_it_has_to_be(path):
    takes_anything = (click.types.StringParamType, click.types.BoolParamType)
    for parameter in COMMANDS[path].params:
        kind = parameter.type
        if isinstance(kind, takes_anything) or kind is click.UNPROCESSED:
            continue
        found = problem_of(click.BadParameter("", param=parameter), ())
        assert found.code != "value_not_taken", parameter.opts
        is_range = isinstance(kind, click.IntRange | click.FloatRange)
        assert not (is_range and found.code.startswith("not_a")), parameter.opts


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("token make --lang ja --zz", "--zz：このコマンドにそのようなオプションはありません。"),
        ("token make --lang=ja", "--name：指定されていません。追加してください。"),
        ("token make --lang zz", "--lang: This is not one of the choices."),
    ],
)
def test_the_language_is_the_one_that_the_line_asks_for(line, told, monkeypatch):
    assert refusal(line, "en", monkeypatch).startswith(told)


def test_it_is_told_how_the_command_is_called(monkeypatch):
    told = refusal("token revoke", "en", monkeypatch).splitlines()[1]
    called = "token revoke [OPTIONS] TOKEN_ID"
    assert called in told
    assert told.endswith("token revoke --help")
    assert called in refusal("token revoke", "ja", monkeypatch).splitlines()[1]


def test_a_group_without_a_command_shows_its_help():
    shown = CliRunner().invoke(main, ["token"])
    assert "Makes, lists and revokes credentials" in shown.stderr


@pytest.mark.parametrize(("language", "told"), [("en", "Stopped"), ("ja", "途中で中止しました。")])
def test_a_command_that_is_interrupted_says_so(language, told):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        command = [sys.executable, "-m", "backend.cli", "audit", "--url", url, "--lang", language]
        asking = subprocess.Popen(
            command,
            env=os.environ | {"PAYBATCH_TOKEN": "pb_any"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        connection, _ = silent.accept()
        with connection:
            connection.recv(1)  # it has asked, and waits
            asking.send_signal(signal.SIGINT)
            _, said = asking.communicate()
    assert asking.returncode == 1
    assert said.strip().startswith(told)
