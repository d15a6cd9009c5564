"""Recipes to use as they are or to begin one's own with. Each is read as a file, not imported."""
