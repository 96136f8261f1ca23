"""Charts of the planner as self-contained SVG: for HTML and PDF, in the look of the pages."""
