"""A rank host: ``python -m worker.rank_hosts.program PARENT DESCRIPTOR``.

The descriptor is of its line to whoever started it, by which its `RankHostSettings` come. It ends
when anything else comes by that line, or when its worker is gone or silent.
"""
