"""What the API does: one transaction a request, no SQL and no HTTP here."""
