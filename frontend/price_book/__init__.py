"""The price book as rows and forms: pure, so that it can be tested without a page."""
