"""A refused value is named as it was typed: an option, an argument, or a variable."""

import pytest
from click.testing import CliRunner

from backend.cli import main

REFUSED = [
    ("audit --day nonsense", "--day"),
    ("audit --url nonsense", "--url"),
    ("gate add-seeds p --seeds 0", "--seeds"),
    ("migrate-to nonsense", "DATABASE_URL"),
    ("open --role viewer", "--name"),
    ("open --name Aiko", "--role"),
    ("price add h100 --kind reserved --price nan --source s", "--price"),
    ("price add h100 --kind reserved --price 1 --source s --as-of x", "--as-of"),
    ("price add no,name --kind reserved --price 1 --source s", "PRICE_ID"),
    ("restore nowhere", "FILE"),
    ("retention --older-than 0", "--older-than"),
    ("token make --name x --valid-days 0", "--valid-days"),
    ("up --device banana", "--device"),
    ("up --port 0", "--port"),
    ("webhook set nonsense", "ADDRESS"),
]


@pytest.mark.parametrize(("command", "named"), REFUSED)
def test_a_refusal_names_what_was_typed(command, named, monkeypatch):
    monkeypatch.setenv("PAYBATCH_TOKEN", "pb_any")
    refused = CliRunner().invoke(main, [*command.split(), "--lang", "en"])
    assert refused.exit_code == 2
    assert refused.stderr.partition(": ")[0] == named


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PAYBATCH_LANG", "fr", "This is not one of the choices. Choose one of: en, ja."),
        ("PAYBATCH_BALLAST_MIB", "-3", "The value may not be negative. Enter zero or more."),
        ("PAYBATCH_PORT", "0", "A port lies between 1 and 65,535. Choose another one."),
    ],
)
def test_a_variable_is_named_with_what_it_may_be(variable, value, sentence, monkeypatch):
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv(variable, value)
    refused = CliRunner().invoke(main, ["up"])
    assert refused.exit_code == 2
    assert refused.stderr == f"{variable}: {sentence}\n"
