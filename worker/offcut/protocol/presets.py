"""Files of presets, as page and engine write and read them."""

VERSION = 1
"""Of the format; written as ``"offcut"``."""

MOST = 50
"""So many presets of a person there may be."""

MAX_NAME = 60
"""Longest name of a preset, in characters."""

MAX_BYTES = 2_000_000
"""Largest file of presets: recipes are the most of it."""
