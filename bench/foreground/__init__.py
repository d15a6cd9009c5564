"""Foreground estimation: error and time, beside an alternative method."""
