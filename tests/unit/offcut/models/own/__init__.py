"""Tests of offcut.models.own."""
