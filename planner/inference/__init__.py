"""Statistics: crossings, pairs, censoring, quality, selection, and how sure all of it is."""
