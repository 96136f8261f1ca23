"""All SQL, one module a noun, every function named by what it is for."""
