"""The whole story: from measured runs to a verdict, its figures and where each comes from."""
