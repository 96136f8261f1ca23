"""Pilots whose truth is known, judged by the product's own statistics and decision."""
