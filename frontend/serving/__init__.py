"""The program that serves the pages: doors, headers, lines of the log."""
