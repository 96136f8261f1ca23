"""How long steps take on this device, measured before the runs."""
