"""Coverage-guided fuzzing of what comes from outside: image files, the catalogue, saved work, requests."""
