"""Charts of the planner as native charts of PowerPoint, each with its numbers in a workbook."""
