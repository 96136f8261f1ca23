"""What the files for trainers on PyTorch are made of; `test_frameworks` trains with them."""

import ast
import dataclasses
import sys

import pytest

from planner.exports.hugging_face import hugging_face_source
from planner.exports.lightning import lightning_source
from planner.exports.pytorch import pytorch_source
from tests.planner.exports.layouts import FORMS, everything_changes
from tests.planner.exports.test_plain_python import exported

SOURCES = {
    pytorch_source: {"torch"},
    lightning_source: {"torch", "lightning"},
    hugging_face_source: {"torch", "transformers"},
}


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {found.name for found in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module))
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("source", "needed"), SOURCES.items())
def test_a_file_imports_its_framework_and_nothing_of_ours(source, needed, form):
    assert imported(source(everything_changes(form))) - set(sys.stdlib_module_names) == needed


@pytest.mark.parametrize("source", SOURCES)
def test_every_file_carries_the_same_table_and_curves(source):
    layout = everything_changes()
    code = exported(layout)
    text = source(layout)
    assert f"TABLE_SHA256 = {code['TABLE_SHA256']!r}" in text
    assert "def self_test():" in text
    assert '\nif __name__ == "__main__":\n    self_test()\n' in text


@pytest.mark.parametrize("source", SOURCES)
def test_a_name_in_quotes_breaks_no_file_and_stays_readable(source):
    docstring = ast.get_docstring(ast.parse(source(everything_changes())))
    assert docstring is not None
    assert "growing '''batch'''" in docstring


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "name",
    [
        'x"\\"\\"; import os; os.abort(); "\\"\\"',
        '"\\"\\"',
        "\\",
        "it's \\",
        '"',
        "a\nimport os",
        "\\N{BULLET} \\x",
        "{steps!r} {0}",
    ],
)
def test_no_name_gets_out_of_the_docstring_and_is_run(source, name):
    layout = everything_changes()
    named = dataclasses.replace(layout, schedule=dataclasses.replace(layout.schedule, name=name))
    expected = [ast.dump(node) for node in ast.parse(source(layout)).body[1:]]
    assert [ast.dump(node) for node in ast.parse(source(named)).body[1:]] == expected
