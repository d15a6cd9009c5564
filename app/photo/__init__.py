"""A photo from its file to the finished cutout, and the choice of network."""
