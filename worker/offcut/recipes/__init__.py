"""Recipes: Python files that finish pictures, the same ones in a shell, in a program and on the page.

A recipe has a function ``finish(cutout, original, info)`` that returns a picture. docs/recipes.md describes it.
"""

from offcut.recipes.info import Info
from offcut.recipes.recipe import Recipe

__all__ = ["Info", "Recipe"]
