"""How the API is served: what is observed of requests, and what bounds them."""
