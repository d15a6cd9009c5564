"""Measurements of foreground estimation."""
