"""Measurements. Nothing here is a test: machines differ, so figures are printed with the machine they came from."""
