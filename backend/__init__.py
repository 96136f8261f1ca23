"""The API: queue, review, reports and sign-in over the only open database."""

VERSION = "0.1.0"
