"""Tests of app/networks."""
