"""What `benchmarks.findings` measures and how it is judged, a question a module.

Everything is trained by the worker's own trainer and judged by the planner's own functions.
"""
