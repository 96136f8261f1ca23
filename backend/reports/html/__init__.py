"""The report as one HTML file that runs nothing and loads nothing."""

from backend.reports.html.document import html_text

__all__ = ["html_text"]
