"""HTTP: one module a noun, each route one call of a service."""
