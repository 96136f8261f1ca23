"""Answers that were worked out before, forgotten as soon as what they rest on changes."""
