"""Help from a person: the alpha changed by a click, a box or a brush. Runs only when a person uses a tool."""
