"""The line at the foot of the page: whether Offcut is ready. What runs here, and on what, the privacy dialog has."""

from core.i18n import t
from core.signals import Signal
from core.units import Rate


class EngineStatus:
    """State and text of the line."""

    def __init__(self, now) -> None:
        """`now()` returns seconds."""
        self._rate = Rate(now)
        self._parts = None
        self._ready_parts = None  # without a photo
        self.state = ""
        """``"starting"``, ``"ready"``, ``"resting"`` or ``"failed"``; empty at the very beginning."""

        self.changed = Signal()
        """Emitted when state or text change."""

    @property
    def text(self) -> str:
        """The line in the page's language."""
        return " · ".join(self._parts()) if self._parts else ""

    def starting(self) -> None:
        """The engine is starting."""
        self._set("starting", lambda: [t("status.starting")])

    def photo_chosen(self) -> None:
        """A photo is on its way; while the engine starts, the photo's progress says all there is to say."""
        if self.state == "starting":
            self.starting()

    def loading(self, done: float, total: float) -> None:
        """Bytes of the model arrive while there is no photo yet."""
        arrived = self._rate.text(done, total)
        self._set("starting", lambda: [t("status.loading", bytes=arrived)])

    def ready(self, info) -> None:
        """The engine is ready; `info` is what it reports about itself."""
        pixels = f"{info.max_pixels / 1e6:.0f}" if info.low_memory else ""

        def parts():
            limit = [t("backend.small", pixels=pixels)] if pixels else []
            return [t("status.ready")] + limit

        self._ready_parts = parts
        self._set("ready", parts)

    def without_photo(self) -> None:
        """The last photo was refused, or closed: what was said of the one before is said no more."""
        if self.state == "ready" and self._ready_parts:
            self._set("ready", self._ready_parts)

    def finished(self) -> None:
        """A photo was cut out."""
        self._set("ready", lambda: [t("status.done")])

    def resting(self) -> None:
        """The engine was stopped before it was ready."""
        self._set("resting", lambda: [t("status.resting")])

    def failed(self) -> None:
        """The engine did not start."""
        self._set("failed", lambda: [t("status.failed")])

    def _set(self, state: str, parts) -> None:
        self.state, self._parts = state, parts
        self.changed.emit()
