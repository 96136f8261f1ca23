"""The pages. They talk HTTP to the API, show what it answers, and decide nothing."""
