import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.run_log import LARGEST_CHUNK, LONGEST_LINE, LogChunk, clean_line
from planner.refusal import Refusal


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\a link\x1b]8;;\x1b\\", "a link"),
        ("\x1b(Bcharset", "charset"),
        (" 10 %\r 50 %\r100 %\r\n", "100 %"),
        ("bell\x07 and nul\x00", "bell and nul"),
        ("tab\tstop", "tab stop"),
        ("one\u2028two", "onetwo"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("学習率 0.1", "学習率 0.1"),
        ("half \ud800", "half "),
    ],
)
def test_a_line_is_shown_as_a_terminal_would_without_its_commands(printed: str, shown: str) -> None:
    assert clean_line(printed) == shown


def test_of_a_line_that_is_too_long_the_beginning_is_kept() -> None:
    assert clean_line("x" * 10_000) == "x" * (LONGEST_LINE - 1) + "…"


@given(st.text(st.characters() | st.sampled_from("\x1b[]\\0m\r;")))
def test_a_clean_line_is_clean(text: str) -> None:
    once = clean_line(text)
    assert clean_line(once) == once
    assert "\n" not in once
    once.encode()


@pytest.mark.parametrize(
    ("first_line", "lines", "field", "code"),
    [
        (0, ("a",), "first_line", "below_minimum"),
        (1, (), "lines", "log_chunk_size"),
        (1, ("x" * 999,) * (LARGEST_CHUNK // 1000 + 1), "lines", "log_chunk_size"),
        (1, ("fine", "two\nlines"), "lines[1]", "log_line_not_clean"),
        (1, ("\x1b[31m",), "lines[0]", "log_line_not_clean"),
    ],
)
def test_a_chunk_refuses_what_cannot_be_kept(
    first_line: int, lines: tuple[str, ...], field: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        LogChunk(first_line=first_line, lines=lines)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_chunk_knows_its_last_line() -> None:
    assert LogChunk(first_line=5, lines=("a", "b", "c")).last_line == 7
