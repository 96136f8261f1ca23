"""Models of the built-in workloads, a family a module."""
