"""Colour management: which colours a file's numbers mean, and their numbers in another colour space."""
