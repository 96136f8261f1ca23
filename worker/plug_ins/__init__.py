"""Workloads that users bring: found by entry point, checked, and trained like our own."""
