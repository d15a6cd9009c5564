"""The ring that shows the brush: where it is and how large."""


class BrushCursor:
    """Is hidden while it has no position or no diameter."""

    def __init__(self, camera, frames):
        self._camera, self._frames = camera, frames
        self.position = None
        """In canvas pixels, or None."""

        self.diameter = 0
        """In CSS pixels."""

    @property
    def rectangle(self):
        """Left, top and side of the ring in CSS pixels, or None while it is hidden."""
        if not self.position or not self.diameter:
            return None
        ratio = self._camera.pixel_ratio
        side = max(4.0, self.diameter)
        return self.position[0] / ratio - side / 2, self.position[1] / ratio - side / 2, side

    @property
    def position_or_middle(self):
        """Where keys begin that move it or paint."""
        return self.position or self._camera.middle

    def move(self, position):
        """Move it with the next frame, or hide it with None."""
        self.position = position
        self.show()

    def show(self):
        """Show it as it is now with the next frame."""
        self._frames.request_overlay()
