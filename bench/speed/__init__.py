"""Offcut beside the projects it is compared with: the same photos, one browser, one local server, runs taken in turns."""
