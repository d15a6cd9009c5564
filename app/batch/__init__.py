"""Many photos at once: cut out one after the other with one look, saved together."""
