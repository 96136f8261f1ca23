"""What somebody chose to look at, as it stands in a link."""
