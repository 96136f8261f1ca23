"""How fast a device is: throughput curves, micro-batches, bundles, composed time."""
