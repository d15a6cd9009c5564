"""The wheel: a mouse's zooms, two fingers on a trackpad pan, and their pinch zooms.

Browsers report all of them as the same event. A pinch has Ctrl set, and Safari reports it as an event of its own. These
rules distinguish a mouse from a trackpad, for a run of events without a pause longer than `PAUSE_S`:

- a run that moves sideways is a trackpad's, unless Shift is held: browsers turn a mouse's wheel sideways then;
- a run that is counted in lines or pages is a mouse's;
- otherwise its first event decides. A mouse's wheel turns by notches, which are large steps; where a person has made
  them small, `wheelDelta` still counts 120 for each. macOS makes the first notches small, but of one size
  (`MAC_STEP`). Anything else is a trackpad, whose movement begins slowly.
"""

import math

from editor.geometry import clamp

NOTCH = 50.0
"""Pixels from which a step is a mouse's. The smallest usual notch is 53, that of Chromium on Linux."""

WHEEL_DELTA = 120
"""`wheelDelta` of one notch."""

MAC_STEP = 4.000244140625
"""Pixels of which macOS makes a mouse's steps: a tenth of its 40 pixels a line, as a 16-bit fraction."""

PAUSE_S = 0.4
"""Seconds without an event after which another run begins. Notches of one turn, and swipes, follow more closely."""

UNITS = (1.0, 18.0, 400.0)
"""Pixels that a step stands for by `WheelEvent.deltaMode`: pixels, lines, pages."""


class Wheel:
    """Zooms and pans a viewer."""

    def __init__(self, viewer, now):
        """`now()` returns seconds."""
        self._viewer, self._now = viewer, now
        self._is_mouse = False
        self._last = None  # when the last event came

    def turn(self, dx, dy, mode, place, wheel_delta=0, shift=False, zooms=False):
        """The wheel turns, or fingers move on a trackpad.

        Args:
            dx, dy, mode: as in a `WheelEvent`.
            place: where the pointer is, in canvas pixels.
            wheel_delta: `WheelEvent.wheelDeltaY`, 0 where the browser has none.
            shift: whether Shift is held.
            zooms: whether Ctrl, Command or Alt is held; Ctrl is also a trackpad's pinch.
        """
        unit = UNITS[mode]
        if zooms:
            # A pinch comes in much smaller steps than notches with a key.
            is_pinch = mode == 0 and abs(dy) < NOTCH
            self._zoom(dy * unit * (0.01 if is_pinch else 0.0018), place)
            return
        is_mouse = self._is_from_mouse(dx, dy, mode, wheel_delta, shift)
        if is_mouse and not shift:
            self._zoom(dy * unit * 0.0018, place)
            return
        if is_mouse and not dx:
            dx, dy = dy, 0  # Shift, where the browser has not turned it itself
        ratio = self._viewer.camera.pixel_ratio * unit
        self._viewer.pan(-dx * ratio, -dy * ratio)

    def pinch(self, factor, place):
        """Fingers on a trackpad pinch, as Safari reports it; `factor` is how much since the last event."""
        self._viewer.zoom(clamp(factor, 1 / 3, 3.0), *place)

    def _zoom(self, exponent, place):
        self._viewer.zoom(clamp(math.exp(-exponent), 1 / 3, 3.0), *place)

    def _is_from_mouse(self, dx, dy, mode, wheel_delta, shift):
        now = self._now()
        continues = self._last is not None and now - self._last < PAUSE_S
        self._last = now
        if mode:
            self._is_mouse = True
        elif dx and not shift:
            self._is_mouse = False
        elif not continues:
            self._is_mouse = _is_notch(dx or dy, wheel_delta)
        return self._is_mouse


def _is_notch(step, wheel_delta):
    """Whether a step is a mouse's rather than the beginning of a movement on a trackpad."""
    if abs(step) >= NOTCH or (wheel_delta and wheel_delta % WHEEL_DELTA == 0):
        return True
    steps = step / MAC_STEP
    return round(steps) != 0 and abs(steps - round(steps)) < 1e-6
