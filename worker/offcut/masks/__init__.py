"""Arrays of alpha: connected components, morphology, brush strokes."""
