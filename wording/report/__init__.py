"""A report in words: everything that its files say, composed once for all formats."""
