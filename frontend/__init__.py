"""The pages: they talk HTTP to the backend and decide nothing."""
