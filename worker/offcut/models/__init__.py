"""Networks as data: the catalogue, their chunks, downloads, and what is cached."""
