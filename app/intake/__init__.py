"""How photos come to the page."""
