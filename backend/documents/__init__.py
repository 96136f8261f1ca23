"""Files that people write: YAML, and schedules outside a pilot."""
