"""What pictures are made for: presets of the editor and of a batch."""
