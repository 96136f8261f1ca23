"""No program of ours opens a file in a way that can run what lies in it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from backend.documents.plain_yaml import PlainLoader, SpelledOutLoader

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path
    for room in ("planner", "backend", "worker", "frontend", "wording", "paybatch", "benchmarks")
    for path in (ROOT / room).rglob("*.py")
)

UNPICKLING = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}


SAFE_LOADERS = {"PlainLoader", "SpelledOutLoader"}
"""Ours, derived from yaml.SafeLoader."""


def offences(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name.split(".")[0] in UNPICKLING)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNPICKLING:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            yield from _of_call(node)


def _of_call(call: ast.Call) -> Iterator[str]:
    said = ast.unparse(call.func)
    given = {one.arg: ast.unparse(one.value) for one in call.keywords}
    if said in ("torch.load", "torch.jit.load") and given.get("weights_only") != "True":
        yield f"{said} without weights_only=True"
    if said in ("np.load", "numpy.load") and given.get("allow_pickle") != "False":
        yield f"{said} without allow_pickle=False"
    if said == "yaml.load" and given.get("Loader") not in SAFE_LOADERS:
        yield "yaml.load without a safe loader"
    if isinstance(call.func, ast.Name) and said in ("eval", "exec"):
        yield said
    if said.rpartition(".")[2] in ("read_pickle", "unsafe_load", "full_load"):
        yield said


def test_no_source_opens_files_that_can_run_code() -> None:
    found = {
        str(path.relative_to(ROOT)): list(offences(ast.parse(path.read_text()))) for path in SOURCES
    }
    assert {path: offence for path, offence in found.items() if offence} == {}


def test_our_loaders_of_yaml_make_plain_values_only() -> None:
    assert {PlainLoader.__name__, SpelledOutLoader.__name__} == SAFE_LOADERS
    assert issubclass(PlainLoader, yaml.SafeLoader)
    assert issubclass(SpelledOutLoader, yaml.SafeLoader)


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "np.load(path, allow_pickle=True)",
        "np.load(path)",
        "yaml.load(text)",
        "eval(text)",
        "pandas.read_pickle(path)",
    ],
)
def test_the_look_itself_finds_what_it_looks_for(code: str) -> None:
    assert len(list(offences(ast.parse(code)))) == 1
