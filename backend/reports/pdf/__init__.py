"""The report as a PDF: a page to approve, then everything behind it."""

from backend.reports.pdf.document import pdf_bytes

__all__ = ["pdf_bytes"]
