"""Recipes: Python that finishes pictures, chosen and written on the page, run in a worker of its own."""
