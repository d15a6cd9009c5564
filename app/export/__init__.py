"""Saving the result."""
