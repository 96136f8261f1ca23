"""The step that both probes time: what it costs depends on none of these but the batch size."""

SMALLEST_BATCH = 8
"""Where a throughput curve and the timing of bundles begin."""

RATE = 0.001
BETA = 0.9
