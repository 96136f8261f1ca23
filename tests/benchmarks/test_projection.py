"""docs/projection.md says what the code says of every published row."""

from statistics import median

from benchmarks import projection
from benchmarks.scaling_rows import rows

OUTCOMES = projection.outcomes()


def test_the_page_is_what_the_code_writes():
    written = projection.DOCUMENT.read_text(encoding="utf-8")
    assert written == projection.document(), "run: make projection"


def test_every_row_is_projected_or_says_why_not():
    assert [one.row.line for one in OUTCOMES] == [row.line for row in rows()]
    assert len(OUTCOMES) == 140
    assert [one.row.line for one in OUTCOMES if (one.projected is None) != bool(one.reason)] == []


def test_over_all_rows_that_can_be_projected_we_err_less_than_naive():
    checked = [one for one in OUTCOMES if one.projected is not None and not one.fitted]
    assert len(checked) >= 50
    ours = median(abs(one.error) for one in checked)
    assert ours <= 0.10
    assert ours < median(abs(one.naive_error) for one in checked)


def test_a_time_and_its_throughput_err_by_inverse_factors():
    pair = [one for one in OUTCOMES if one.row.system == "Dell/2xXE9680x8H100-SXM-80GB"]
    time, throughput = (1 + one.error for one in pair)
    assert abs(time * throughput - 1) < 1e-3  # both are published rounded
