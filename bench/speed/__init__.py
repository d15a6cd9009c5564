"""Measurements of speed: comparison with other projects, start, editing, networks."""
