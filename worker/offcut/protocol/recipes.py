"""Recipes as page and engine name them."""

SAMPLES = ("sticker", "colour_pop", "mosaic", "reflection", "instant_photo")
"""Names of the samples, which are files in `offcut.recipes.samples`."""

MAX_BYTES = 100_000
"""Longest text of a recipe."""

START_S = 60
"""Seconds that the worker of recipes may take to start: it loads Python and numpy."""
