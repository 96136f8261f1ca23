"""How commands show a review: the verdict's sentences, then one row a schedule."""

import click
from rich.console import Console
from rich.table import Table

from planner.reviews.review import Review
from wording.catalogue import say
from wording.hardware_case import hardware_sentence
from wording.language import Language
from wording.review import COLUMNS, comparison_rows, verdict_sentences

PLAIN_WIDTH = 200
"""Columns of the table where the output is a file and wraps nothing."""


def show_review(review: Review, language: Language) -> None:
    """Prints a review to standard output."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PLAIN_WIDTH)
    table = Table()
    for place, column in enumerate(COLUMNS):
        numeric = 0 < place < len(COLUMNS) - 1
        table.add_column(say(f"table.{column}", language), justify="right" if numeric else "left")
    for row in comparison_rows(review, language):
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    console.print(table)
    for sentence in verdict_sentences(review, language):
        click.echo(sentence)
    for case in review.hardware_cases:
        click.echo(hardware_sentence(case, language))
