"""Measurements of every variant of the networks in the browser."""
