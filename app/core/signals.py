"""Signals: how one part of the page hears from another. The only callback convention of the page."""

from core.log import log


class Signal:
    """Something that happens again and again. Whoever is interested connects a function."""

    def __init__(self) -> None:
        self._callbacks: list = []

    def connect(self, callback) -> None:
        """Call `callback(*arguments)` at each `emit`, in the order of connecting."""
        self._callbacks.append(callback)

    def emit(self, *arguments) -> None:
        """Call everything that is connected.

        A callback that raises is logged, and the others are called all the same.
        """
        for callback in self._callbacks:
            try:
                callback(*arguments)
            except Exception as error:  # any bug of a callback; it must not break who emits, nor the other callbacks
                log.error("A signal's callback failed", cause=error)
