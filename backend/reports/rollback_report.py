"""The rollback procedure of a pilot as files, one a language."""

from pathlib import Path

from planner.reviews.rollback_procedure import RollbackProcedure
from wording.catalogue import LANGUAGES
from wording.rollback_procedure import procedure_document


def write_rollback_report(procedure: RollbackProcedure, folder: Path) -> None:
    """Writes ``rollback.en.md`` and ``rollback.ja.md``; the folder is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        text = procedure_document(procedure, language)
        (folder / f"rollback.{language}.md").write_text(text, encoding="utf-8")
