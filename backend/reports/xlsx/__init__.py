"""A review as a workbook whose money is calculated again when an assumption is changed."""

from backend.reports.xlsx.workbook import workbook_bytes

__all__ = ["workbook_bytes"]
