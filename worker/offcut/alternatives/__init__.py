"""What several networks find in one photo: how far they agree, their alphas kept small, and all of their cutouts."""
