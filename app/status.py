"""The line at the foot of the page: is the engine up, what runs, how."""

import js
from dom import by_id
from sizes import Rate
from words import say


class Status:
    """What runs on this device."""

    def __init__(self):
        self._line = by_id("status")
        self._rate = Rate(lambda: js.performance.now() / 1000)

    def starting(self):
        """The engine is on its way."""
        self._set("starting", [say("status.starting")])

    def loading(self, done, total):
        """Bytes of the model arrive while there is no photo yet."""
        self._set("starting", [say("status.loading", bytes=self._rate.tell(done, total))])

    def ready(self, info):
        """The engine is up; `info` is its answer."""
        self._set("ready", [say("status.ready"), info.title, _threads(info.threads)])

    def took(self, answer):
        """A photo was finished."""
        seconds = sum(getattr(answer.seconds, name) for name in ("decode", "infer", "compose", "encode"))
        self._set("ready", [say("status.took", seconds=f"{seconds:.1f}"), answer.title, _threads(answer.threads)])

    def failed(self):
        """The engine did not start."""
        self._set("failed", [say("status.failed")])

    def _set(self, state, parts):
        self._line.dataset.state = state
        self._line.textContent = " · ".join(parts)


def _threads(count):
    return say("status.thread") if count == 1 else say("status.threads", count=count)
