"""Finds every refusal code in the source, also where a function hands it on for its caller."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("planner", "backend", "worker")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Taker:
    """A callable that takes a code: where, and what it makes of it."""

    position: int | None
    keyword: str = "code"
    template: str = "{}"
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Site:
    """One place where a code is raised; ``given`` is None where its values are not visible."""

    where: str
    code: str
    given: frozenset[str] | None


FIRST_TAKERS = {
    "Refusal": Taker(position=1),
    "require": Taker(position=2),
    "RequestError": Taker(position=1),
    "FlagError": Taker(position=1, given=frozenset({"flag"})),
    "Problem": Taker(position=None),
    "ProblemDocument": Taker(position=None),
}


@dataclass
class Search:
    """What is known so far: who takes codes, which codes there are, what could not be read."""

    takers: dict[str, Taker] = field(default_factory=lambda: dict(FIRST_TAKERS))
    sites: set[Site] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)


def find_codes() -> Search:
    """Reads the rooms again and again until no new function is found that hands a code on."""
    modules = [
        (path, ast.parse(path.read_text(encoding="utf-8")))
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    ]
    search = Search()
    while True:
        known = len(search.takers)
        search.sites.clear()
        search.unread.clear()
        for path, tree in modules:
            _read_module(search, path, tree)
        if len(search.takers) == known:
            return search


def _read_module(search: Search, path: Path, tree: ast.Module) -> None:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for call in _own_calls(node):
                    _read_call(search, path, tree, node, call)
            case ast.Tuple(elts=[ast.Attribute(value=ast.Name("HTTPStatus")), ast.Constant(code)]):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                search.sites.add(Site(where=where, code=str(code), given=frozenset()))


def _own_calls(scope: Function) -> Iterator[ast.Call]:
    """Calls of a function, without those of the functions inside it."""
    waiting: list[ast.AST] = list(scope.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting.extend(ast.iter_child_nodes(node))


def _read_call(
    search: Search, path: Path, tree: ast.Module, scope: Function, call: ast.Call
) -> None:
    name = _called(call)
    taker = search.takers.get(_scoped(path, name)) or search.takers.get(name)
    code = None if taker is None else _argument(call, taker)
    if taker is None or code is None:
        return
    where = f"{path.relative_to(ROOT)}:{call.lineno}"
    values = _values(call)
    given = None if values is None else values | taker.given
    for text, parameter in _read_code(code, scope, tree):
        if text is None:
            search.unread.add(where)
        elif parameter:
            handed_on = Taker(
                position=_position(scope, parameter),
                keyword=parameter,
                template=taker.template.format(text),
                given=given or frozenset(),
            )
            search.takers.setdefault(_scoped(path, scope.name), handed_on)
        else:
            search.sites.add(Site(where=where, code=taker.template.format(text), given=given))


def _read_code(
    node: ast.expr, scope: Function, tree: ast.Module
) -> Iterator[tuple[str | None, str | None]]:
    """Codes an expression may be, or a template with the parameter it waits for."""
    match node:
        case ast.Constant(value=str(text)):
            yield text, None
        case ast.JoinedStr(values=parts):
            names = [p.value.id for p in parts if isinstance(p, ast.FormattedValue)]
            yield "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in parts), names[0]
        case ast.Name(id=name) if name in _parameters(scope):
            yield "{}", name
        case _:
            for source in _sources(node, scope, tree):
                yield from [(None, None)] if source is None else _read_code(source, scope, tree)


def _sources(node: ast.expr, scope: Function, tree: ast.Module) -> list[ast.expr | None]:
    """Where an expression's value comes from; None when that cannot be told."""
    match node:
        case ast.IfExp():
            return [node.body, node.orelse]
        case ast.Name(id=name):
            return list(_assigned(scope, name)) or [None]
        case ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="get")):
            return [*_table_values([scope, tree], table), *node.args[1:]]
        case ast.Subscript(value=ast.Name(id=table)) if not _is_received(node):
            return list(_table_values([scope, tree], table))
        case _:
            return [] if _is_received(node) else [None]


def _is_received(node: ast.expr) -> bool:
    """Whether the code is that of another refusal, handed on as ``found.code``."""
    match node:
        case ast.Attribute(attr="code") | ast.Subscript(slice=ast.Constant(value="code")):
            return True
        case _:
            return False


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _scoped(path: Path, name: str) -> str:
    """Private functions of two modules may share a name."""
    return f"{path}:{name}" if name.startswith("_") else name


def _argument(call: ast.Call, taker: Taker) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == taker.keyword:
            return keyword.value
    if taker.position is not None and taker.position < len(call.args):
        return call.args[taker.position]
    return None


def _values(call: ast.Call) -> frozenset[str] | None:
    """Names that the call gives to the message; None where they come from elsewhere."""
    names: set[str] = set()
    for keyword in call.keywords:
        if keyword.arg is None:
            return None
        if keyword.arg == "params":
            if not isinstance(keyword.value, ast.Dict):
                return None
            names |= {key.value for key in keyword.value.keys if isinstance(key, ast.Constant)}
        else:
            names.add(keyword.arg)
    return frozenset(names)


def _parameters(scope: Function) -> list[str]:
    arguments = scope.args
    return [arg.arg for arg in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]]


def _position(scope: Function, parameter: str) -> int | None:
    positional = [arg.arg for arg in [*scope.args.posonlyargs, *scope.args.args]]
    if parameter not in positional:
        return None
    return positional.index(parameter) - (positional[0] in ("self", "cls"))


def _assigned(scope: Function, name: str) -> Iterator[ast.expr]:
    """Expressions that a local name stands for; a pair's second half is found as a pair."""
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=found)]) if found == name:
                yield node.value
            case ast.Assign(targets=[ast.Tuple(elts=[_, ast.Name(id="code")])]) if name == "code":
                yield ast.Attribute(value=node.value, attr="code", ctx=ast.Load())


def _table_values(places: list[Function | ast.Module], name: str) -> Iterator[ast.expr]:
    """Values of a dictionary that the function or its module defines."""
    for node in [node for place in places for node in place.body]:
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=ast.Dict(values=values)):
                yield from values if found == name else []
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.Dict(values=values)):
                yield from values if found == name else []
