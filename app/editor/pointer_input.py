"""Pointer events of the canvas, as plain values for `Gestures`."""

from core.dom import JsException, on


class PointerInput:
    """Listens to mouse, pen and fingers."""

    def __init__(self, view, gestures):
        """`view` is the `CanvasView`."""
        self._view, self._gestures = view, gestures
        canvas = view.canvas
        # While the photo was on its way the canvas lay nowhere.
        on(canvas, "pointerenter", lambda event: view.measure())
        on(canvas, "pointerdown", self._on_down)
        on(canvas, "pointermove", self._on_move)
        on(canvas, "pointerup", lambda event: gestures.release(event.pointerId, _is_touch(event)))
        on(canvas, "pointercancel", lambda event: gestures.lose(event.pointerId))
        on(canvas, "pointerleave", lambda event: gestures.leave())
        on(canvas, "wheel", self._on_wheel)
        on(canvas, "contextmenu", lambda event: event.preventDefault())

    def _on_down(self, event):
        if event.button > 1:
            return
        view, pointer = self._view, event.pointerId
        view.measure()
        place, pressure, is_touch = view.place_of(event), _pressure(event), _is_touch(event)
        self._gestures.press(pointer, place, pressure, event.button, is_touch, event.shiftKey, event.altKey)
        try:
            view.canvas.setPointerCapture(pointer)  # last, as what JavaScript raises may end this function
        except JsException:
            pass  # the pointer is gone already

    def _on_move(self, event):
        view = self._view
        coalesced = event.getCoalescedEvents()
        moves = [(view.place_of(one), _pressure(one)) for one in (coalesced if coalesced.length else [event])]
        self._gestures.move(event.pointerId, moves, event.shiftKey)

    def _on_wheel(self, event):
        event.preventDefault()
        self._view.measure()
        # A trackpad's pinch arrives as a wheel with Ctrl.
        self._gestures.turn_wheel(event.deltaY, event.deltaMode == 1, event.ctrlKey, self._view.place_of(event))


def _is_touch(event):
    return event.pointerType == "touch"


def _pressure(event):
    return event.pressure if event.pointerType == "pen" and event.pressure else 1.0
