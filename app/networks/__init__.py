"""Networks of a person's own: read from a file, described, tried, kept."""
