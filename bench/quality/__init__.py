"""How good the cutouts are: our engine and its peers on photos whose true alpha is known."""
