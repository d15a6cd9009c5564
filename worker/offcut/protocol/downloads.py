"""What counts as a download."""

SMALL_BYTES = 1_000_000
"""Networks that share their weights differ in a graph of about 0.6 MB: one that lacks no more is as good as on the
device."""
