"""Pointer and wheel events of the canvas, as plain values for `Gestures` and `Wheel`."""

import js
from core.dom import JsException, document, on


class PointerInput:
    """Listens to mouse, pen and fingers."""

    def __init__(self, view, gestures, wheel):
        """`view` is the `CanvasView`."""
        self._view, self._gestures, self._wheel = view, gestures, wheel
        self._scale = 1.0  # of Safari's pinch so far
        canvas = view.canvas
        # While the photo was on its way the canvas lay nowhere.
        on(canvas, "pointerenter", lambda event: view.measure())
        on(canvas, "pointerdown", self._on_down)
        on(canvas, "pointermove", self._on_move)
        on(canvas, "pointerup", lambda event: gestures.release(event.pointerId))
        on(canvas, "pointercancel", lambda event: gestures.lose(event.pointerId, True))
        on(canvas, "lostpointercapture", lambda event: gestures.lose(event.pointerId))
        on(canvas, "pointerleave", lambda event: gestures.leave())
        on(canvas, "contextmenu", self._on_menu)
        on(canvas, "mousedown", _keep_middle_button)  # it would scroll the page by itself, or paste
        on(canvas, "auxclick", _keep_middle_button)
        on(js.window, "blur", lambda event: gestures.stop())
        on(document, "visibilitychange", lambda event: gestures.stop())
        # On all of the stage: where its buttons lie, the page would zoom.
        stage = canvas.parentElement
        on(stage, "wheel", self._on_wheel)
        for name in ("gesturestart", "gesturechange", "gestureend"):
            on(stage, name, self._on_pinch)

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
        # Missing on plain http and in old browsers, and empty in some.
        events = list(event.getCoalescedEvents()) if getattr(event, "getCoalescedEvents", None) else []
        moves = [(view.place_of(one), _pressure(one)) for one in events or [event]]
        self._gestures.move(event.pointerId, moves, event.shiftKey, None if _is_touch(event) else event.buttons)

    def _on_menu(self, event):
        event.preventDefault()
        if event.ctrlKey:  # on a Mac the first button is the second one with Ctrl, and may have begun a stroke
            self._gestures.cancel()

    def _on_wheel(self, event):
        if document.body.dataset.state != "done":
            return
        event.preventDefault()
        self._view.measure()
        mode = event.deltaMode  # first: Firefox counts in pixels for who has not asked
        zooms = event.ctrlKey or event.metaKey or event.altKey
        if event.altKey:
            self._gestures.is_alt_used = True
        self._wheel.turn(
            event.deltaX,
            event.deltaY,
            mode,
            self._view.place_of(event),
            getattr(event, "wheelDeltaY", 0) or 0,
            event.shiftKey,
            zooms,
        )

    def _on_pinch(self, event):
        """Safari's trackpad. A phone's fingers are pointers, too, and zoom as such."""
        event.preventDefault()
        if event.type == "gesturechange" and not self._gestures.is_active:
            self._view.measure()
            self._wheel.pinch(event.scale / self._scale, self._view.place_of(event))
        self._scale = event.scale


def _keep_middle_button(event):
    if event.button == 1:
        event.preventDefault()


def _is_touch(event):
    return event.pointerType == "touch"


def _pressure(event):
    return event.pressure if event.pointerType == "pen" and event.pressure else 1.0
