"""A formula together with its value: what a spreadsheet will calculate, and what it is now."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Value = float | str

_COMPARE, _ADD, _MULTIPLY, _POWER, _ATOM = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Part of a formula; operators make larger ones, each with its value.

    Attributes:
        text: As a spreadsheet reads it, without the leading ``=``.
        value: Its result now; not a number where it divides by zero.
        level: How strongly its outermost operator binds.
    """

    text: str
    value: Value
    level: int = _ATOM

    def __add__(self, other: "Term | float") -> "Term":
        return _joined(self, "+", other, _ADD, lambda a, b: a + b)

    def __sub__(self, other: "Term | float") -> "Term":
        return _joined(self, "-", other, _ADD, lambda a, b: a - b)

    def __mul__(self, other: "Term | float") -> "Term":
        return _joined(self, "*", other, _MULTIPLY, lambda a, b: a * b)

    def __truediv__(self, other: "Term | float") -> "Term":
        return _joined(self, "/", other, _MULTIPLY, lambda a, b: a / b if b else math.nan)

    def __pow__(self, other: "Term | float") -> "Term":
        return _joined(self, "^", other, _POWER, lambda a, b: a**b)

    def __rsub__(self, other: float) -> "Term":
        return as_term(other) - self

    def __radd__(self, other: float) -> "Term":
        return as_term(other) + self

    def __rmul__(self, other: float) -> "Term":
        return as_term(other) * self

    def __neg__(self) -> "Term":
        # A spreadsheet's minus binds closer than its power: -2^2 is 4 there.
        return Term(text=f"-{_within(self, _ATOM)}", value=-_number(self), level=_ADD)

    def __lt__(self, other: "Term | float") -> "Term":
        return _joined(self, "<", other, _COMPARE, lambda a, b: float(a < b))

    def __le__(self, other: "Term | float") -> "Term":
        return _joined(self, "<=", other, _COMPARE, lambda a, b: float(a <= b))

    def __gt__(self, other: "Term | float") -> "Term":
        return _joined(self, ">", other, _COMPARE, lambda a, b: float(a > b))

    def __ge__(self, other: "Term | float") -> "Term":
        return _joined(self, ">=", other, _COMPARE, lambda a, b: float(a >= b))

    def same_as(self, other: "Term | float | str") -> "Term":
        """Whether both are equal."""
        theirs = as_term(other)
        text = f"{_within(self, _ADD)}={_within(theirs, _ADD)}"
        return Term(text=text, value=float(self.value == theirs.value), level=_COMPARE)


Operand = Term | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Neighbouring cells.

    Attributes:
        text: Address from the first to the last.
        values: One a cell, in order; texts are no numbers and are passed over.
    """

    text: str
    values: tuple[Value, ...]

    @property
    def numbers(self) -> list[float]:
        """Those that a sum counts."""
        return [value for value in self.values if not isinstance(value, str)]


def as_term(operand: Operand) -> Term:
    """A constant, or the term itself."""
    if isinstance(operand, Term):
        return operand
    if isinstance(operand, str):
        return Term(text='"' + operand.replace('"', '""') + '"', value=operand)
    text = repr(int(operand)) if float(operand).is_integer() else repr(float(operand)).upper()
    return Term(text=text, value=float(operand), level=_ADD if operand < 0 else _ATOM)


def choose(condition: Term, yes: Operand, no: Operand) -> Term:
    """``IF``."""
    first, second = as_term(yes), as_term(no)
    return Term(
        text=f"IF({condition.text},{first.text},{second.text})",
        value=first.value if condition.value else second.value,
    )


def both(*conditions: Term) -> Term:
    """``AND``."""
    return _of("AND", conditions, lambda values: float(all(values)))


def either(*conditions: Term) -> Term:
    """``OR``."""
    return _of("OR", conditions, lambda values: float(any(values)))


def contrary(condition: Term) -> Term:
    """``NOT``."""
    return _of("NOT", [condition], lambda values: float(not values[0]))


def least(*operands: Operand) -> Term:
    """``MIN`` of single values."""
    return _of("MIN", operands, min)


def most(*operands: Operand) -> Term:
    """``MAX`` of single values."""
    return _of("MAX", operands, max)


def rounded_down(operand: Term) -> Term:
    """``INT``."""
    return _of("INT", [operand], lambda values: float(math.floor(values[0])))


def rounded_up(operand: Term) -> Term:
    """To the next whole number, which the number itself is where it is whole."""
    return -rounded_down(-operand)


def magnitude(operand: Term) -> Term:
    """``ABS``."""
    return _of("ABS", [operand], lambda values: abs(values[0]))


def exponential(operand: Term) -> Term:
    """``EXP``."""
    return _of("EXP", [operand], lambda values: math.exp(values[0]))


def total(block: Block) -> Term:
    """``SUM``."""
    return Term(text=f"SUM({block.text})", value=math.fsum(block.numbers))


def largest(block: Block) -> Term:
    """``MAX`` of a block; 0 where it holds no number."""
    return Term(text=f"MAX({block.text})", value=max(block.numbers, default=0.0))


def smallest(block: Block) -> Term:
    """``MIN`` of a block; 0 where it holds no number."""
    return Term(text=f"MIN({block.text})", value=min(block.numbers, default=0.0))


def counted(block: Block) -> Term:
    """``COUNT``: how many numbers it holds."""
    return Term(text=f"COUNT({block.text})", value=float(len(block.numbers)))


def total_of_products(first: Block, second: Block) -> Term:
    """``SUMPRODUCT`` of two blocks of numbers."""
    products = (a * b for a, b in zip(first.numbers, second.numbers, strict=True))
    return Term(text=f"SUMPRODUCT({first.text},{second.text})", value=math.fsum(products))


def at_place(block: Block, place: Term) -> Term:
    """``INDEX``, the first cell being at 1."""
    number = int(_number(place))
    found = block.values[number - 1] if 0 < number <= len(block.values) else math.nan
    return Term(text=f"INDEX({block.text},{place.text})", value=found)


def _of(name: str, operands: Sequence[Operand], result: Callable[[list[float]], float]) -> Term:
    terms = [as_term(operand) for operand in operands]
    text = f"{name}({','.join(term.text for term in terms)})"
    return Term(text=text, value=result([_number(term) for term in terms]))


def _joined(
    left: Term,
    sign: str,
    right: "Term | float",
    level: int,
    result: Callable[[float, float], float],
) -> Term:
    """Parentheses only where the text would otherwise be read in another order."""
    other = as_term(right)
    text = f"{_within(left, level)}{sign}{_within(other, level + 1)}"
    return Term(text=text, value=result(_number(left), _number(other)), level=level)


def _within(term: Term, level: int) -> str:
    return term.text if term.level >= level else f"({term.text})"


def _number(term: Term) -> float:
    return math.nan if isinstance(term.value, str) else term.value


def total_discounted(flows: Block, places: Block, log_factor: Term) -> Term:
    """Sum of the flows, each times ``e^(log_factor place)``."""
    powers = np.array(places.numbers) * _number(log_factor)
    with np.errstate(over="ignore", invalid="ignore"):
        found = float(np.exp(powers) @ np.array(flows.numbers))
    text = f"SUMPRODUCT({flows.text},EXP({_within(log_factor, _MULTIPLY)}*{places.text}))"
    return Term(text=text, value=found)


def place_of_one(flags: Block) -> Term:
    """``MATCH``: place of the first 1, from 1; only where there is one."""
    found = flags.numbers.index(1.0) + 1.0 if 1.0 in flags.numbers else math.nan
    return Term(text=f"MATCH(1,{flags.text},0)", value=found)


def missing() -> Term:
    """``NA()``: what a chart passes over."""
    return Term(text="NA()", value="#N/A")


def numbers_only(term: Term) -> Term:
    """The term where it is a number; a chart passes over anything else."""
    value = "#N/A" if isinstance(term.value, str) else term.value
    return Term(text=f"IF(ISNUMBER({term.text}),{term.text},NA())", value=value)
