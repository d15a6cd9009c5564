"""Help from the person: what a click, a box or a brush says about the alpha. Nothing here runs unless it is asked for."""
