"""The line at the foot of the page: is the engine up, what runs, how."""

import js
from dom import by_id
from sizes import Rate
from words import say, when_translated


class Status:
    """What runs on this device."""

    def __init__(self):
        self._line = by_id("status")
        self._said = None
        when_translated(self._show)
        self._rate = Rate(lambda: js.performance.now() / 1000)

    def starting(self):
        """The engine is on its way."""
        self._set("starting", lambda: [say("status.starting")])

    def loading(self, done, total):
        """Bytes of the model arrive while there is no photo yet."""
        arrived = self._rate.tell(done, total)
        self._set("starting", lambda: [say("status.loading", bytes=arrived)])

    def ready(self, info):
        """The engine is up; `info` is its answer."""
        self._set("ready", lambda: [say("status.ready"), info.title, _threads(info.threads)])

    def took(self, answer):
        """A photo was finished."""
        seconds = sum(getattr(answer.seconds, name) for name in ("decode", "infer", "compose", "encode"))
        took, title, threads = f"{seconds:.1f}", answer.title, answer.threads
        self._set("ready", lambda: [say("status.took", seconds=took), title, _threads(threads)])

    def failed(self):
        """The engine did not start."""
        self._set("failed", lambda: [say("status.failed")])

    def _set(self, state, parts):
        self._line.dataset.state = state
        self._said = parts
        self._show()

    def _show(self):
        if self._said:
            self._line.textContent = " · ".join(self._said())


def _threads(count):
    return say("status.thread") if count == 1 else say("status.threads", count=count)
