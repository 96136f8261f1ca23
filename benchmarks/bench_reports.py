"""What a report file costs the API once it is warm, beside the bare library writing as much.

Milliseconds of wall clock on one thread, median of the repeats, in turns with the bare library, so
that what disturbs one disturbs the other. The bare library writes the same texts without layout:
typst one page of them, python-pptx one slide each, XlsxWriter one cell each. Formats without a
library of their own stand beside the review that they show. Aims: a PDF in at most 300 ms, every
other file in at most 1,000 ms.
"""

import io
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from statistics import median

import typst
import xlsxwriter
from pptx import Presentation

from backend.reports.formats import FORMATS, rendered
from backend.reports.pdf.fonts import fonts
from backend.reports.report_source import ReportSource
from backend.services.report_sources import source_of
from backend.services.reviews import review_of
from benchmarks.bench_review import the_evidence
from benchmarks.turns import load
from planner.exchange.report_files import ReportFormat
from planner.reviews.review_input import ReviewInput, ReviewRequest
from tests.support.measured_pilots import a_pilot, a_review_input
from wording.catalogue import LANGUAGES
from wording.language import Language
from wording.report.words import report_words

REPEATS, WARM_UP = 15, 2
AIM_MS: dict[ReportFormat, float] = {"pdf": 300.0}
AIM_OF_OTHERS_MS = 1_000.0
DAY = "2026-11-24"
SLIDES = 5


def a_source() -> ReportSource:
    """The example's first two schedules on five seeds each."""
    given: ReviewInput = a_review_input({"today": 0.10, "growing batch": 0.08}, pilot=a_pilot())
    return source_of(given, schedule=None, reported_on=DAY)


def texts(source: ReportSource, language: Language) -> list[str]:
    """Everything that a report says."""
    words = report_words(source.facts, language)
    cells = (cell for table in words.tables for row in table.rows for cell in row)
    said = (sentence for item in words.approval for sentence in item.sentences)
    return [words.title, *words.reasons, *words.risks, *said, *cells]


def bare_pdf(said: list[str]) -> object:
    """The same texts on pages without layout."""
    body = "\n\n".join(f"#{json_text(one)}" for one in said)
    compiler = typst.Compiler(font_paths=fonts(), ignore_system_fonts=True)
    page = f'#set text(font: "Noto Sans CJK JP")\n{body}'.encode()
    return compiler.compile(page, format="pdf")


def json_text(text: str) -> str:
    """A text as a literal of typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def bare_pptx(said: list[str]) -> object:
    """As many slides, each with its share of the texts in one box."""
    deck = Presentation()
    for place in range(SLIDES):
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        box = slide.shapes.add_textbox(0, 0, deck.slide_width, deck.slide_height)
        box.text_frame.text = "\n".join(said[place::SLIDES])
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def bare_xlsx(said: list[str]) -> object:
    """One cell a text."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, one in enumerate(said):
            sheet.write_string(row, 0, one)
    return stream.getvalue()


def bares(source: ReportSource, language: Language) -> dict[str, tuple[str, Callable[[], object]]]:
    """The name of the peer and the peer, by format."""
    said = texts(source, language)
    evidence = the_evidence()
    review = partial(review_of, evidence, ReviewRequest(evidence=evidence), look=1)
    own = {
        "pdf": ("bare typst", partial(bare_pdf, said)),
        "pptx": ("bare python-pptx", partial(bare_pptx, said)),
        "xlsx": ("bare XlsxWriter", partial(bare_xlsx, said)),
    }
    return {form: own.get(form, ("a review of 20 runs", review)) for form in FORMATS}


def measured(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float]:
    """Median milliseconds of both, timed in turns."""
    spent: list[tuple[float, float]] = []
    for _ in range(WARM_UP + REPEATS):
        spent.append((wall_ms(ours), wall_ms(peer)))
    mine, theirs = zip(*spent[WARM_UP:], strict=True)
    return median(mine), median(theirs)


def wall_ms(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - began)


def lines() -> Iterator[str]:
    """One line a format and language; those without words are timed once."""
    source = a_source()
    for form, kind in FORMATS.items():
        for language in LANGUAGES if kind.in_language else LANGUAGES[:1]:
            peer_name, peer = bares(source, language)[form]
            ours = partial(rendered, source, form, language)
            mine, theirs = measured(ours, peer)
            aim = AIM_MS.get(form, AIM_OF_OTHERS_MS)
            yield (
                f"{form:5}{language if kind.in_language else '--':4} {mine:7.1f} ms "
                f"(aim <= {aim:g}), {len(ours()) / 1024:6.0f} KiB; "
                f"{mine / theirs:5.2f} x {peer_name} ({theirs:.1f} ms)"
            )


def main() -> None:
    for line in chain([load()], lines()):
        print(line)


if __name__ == "__main__":
    main()
