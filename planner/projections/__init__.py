"""Other hardware, more devices, production: projected or transferred, never measured."""
