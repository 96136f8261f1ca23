"""Other people's trackers and loops, each imported only where it is timed.

They come with the extra ``bench`` (`requirements-bench.lock`), which `make bench-worker` installs
into an environment of its own. Nothing here reaches a network.
"""
