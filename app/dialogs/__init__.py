"""Dialogs and bars around the editor."""
