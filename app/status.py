"""The line at the foot of the page: is the engine up, what runs, how."""

from dom import by_id
from words import say


class Status:
    """What runs on this device."""

    def __init__(self):
        self._line = by_id("status")

    def starting(self):
        """The engine is on its way."""
        self._set("starting", [say("status.starting")])

    def ready(self, info):
        """The engine is up; `info` is its answer."""
        small = [say("backend.small", pixels=f"{info.max_pixels / 1e6:.0f}")] if info.small else []
        self._set("ready", [say("status.ready"), info.title] + _where(info) + small)

    def took(self, answer):
        """A photo was finished."""
        seconds = sum(getattr(answer.seconds, name) for name in ("decode", "infer", "compose", "encode"))
        self._set("ready", [say("status.took", seconds=f"{seconds:.1f}"), answer.title] + _where(answer))

    def failed(self):
        """The engine did not start."""
        self._set("failed", [say("status.failed")])

    def _set(self, state, parts):
        self._line.dataset.state = state
        self._line.textContent = " · ".join(parts)


def _where(answer):
    """What computes: the graphics processor, or the processor with so many threads."""
    if answer.backend == "webgpu":
        return [say("backend.webgpu")]
    threads = say("status.thread") if answer.threads == 1 else say("status.threads", count=answer.threads)
    return [say("backend.wasm"), threads]
