"""The routes of the API that pages use, one typed function each."""
