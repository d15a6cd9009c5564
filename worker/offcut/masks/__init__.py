"""Operations on masks and alphas: connected components, regions, morphology, brush strokes."""
