"""The line at the foot of the page: is the engine up, what runs, how."""

import js
from core.dom import by_id
from core.i18n import on_language_change, t
from core.units import Rate


class StatusLine:
    """What runs on this device."""

    def __init__(self):
        self._line = by_id("status")
        self._said = None
        on_language_change(self._show)
        self._rate = Rate(lambda: js.performance.now() / 1000)

    def starting(self):
        """The engine is on its way."""
        self._set("starting", lambda: [t("status.starting")])

    def give_way(self):
        """A photo is on its way, whose progress says what there is to say until the engine is up."""
        if self._line.dataset.state == "starting":
            self.starting()

    def loading(self, done, total):
        """Bytes of the model arrive while there is no photo yet."""
        arrived = self._rate.text(done, total)
        self._set("starting", lambda: [t("status.loading", bytes=arrived)])

    def ready(self, info):
        """The engine is up; `info` is its answer."""
        small, title = info.low_memory, info.title
        pixels = f"{info.max_pixels / 1e6:.0f}" if small else ""

        def parts():
            return [t("status.ready"), title] + _where(info) + ([t("backend.small", pixels=pixels)] if small else [])

        self._set("ready", parts)

    def took(self, answer):
        """A photo was finished."""
        seconds = sum(getattr(answer.seconds, name) for name in ("decode", "infer", "compose"))
        took, title = f"{seconds:.1f}", answer.title
        self._set("ready", lambda: [t("status.took", seconds=took), title] + _where(answer))

    def resting(self):
        """The engine was ended before it was up."""
        self._set("resting", lambda: [t("status.resting")])

    def failed(self):
        """The engine did not start."""
        self._set("failed", lambda: [t("status.failed")])

    def _set(self, state, parts):
        self._line.dataset.state = state
        self._said = parts
        self._show()

    def _show(self):
        if self._said:
            self._line.textContent = " · ".join(self._said())


def _where(answer):
    """What computes: the graphics processor, or the processor with so many threads."""
    if answer.backend == "webgpu":
        return [t("backend.webgpu")]
    threads = t("status.thread") if answer.threads == 1 else t("status.threads", count=answer.threads)
    return [t("backend.wasm"), threads]
