"""Messages in every language and the formats of numbers."""
