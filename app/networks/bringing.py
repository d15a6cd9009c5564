"""A network that a person brings on its way, or has brought before: read, changed, tried, kept. Logic alone; `dialog`
shows it."""

import json

from core.i18n import error_text, t
from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.worker_client import EngineError

from networks.form import NetworkForm

READING, REFUSED, READY, TRYING, KEEPING = "reading", "refused", "ready", "trying", "keeping"


class NetworkBringing:
    """One file at a time. `state` is empty while there is none."""

    def __init__(self, worker, models, photo, notice) -> None:
        """
        Args:
            worker: the `WorkerClient`.
            models: an object with the coroutine function `reload()`, which has kept networks offered, and
                `choose(id)`.
            photo: coroutine function that returns the photo to try a network on.
            notice: the `Notice`.
        """
        self._worker, self._models, self._photo, self._notice = worker, models, photo, notice
        self.state = ""
        self.form = None
        """The `NetworkForm`, None before the file is read."""

        self.error = None
        """What is wrong, an `EngineError`."""

        self.result = None
        """The worker's response to the last trial."""

        self._file = None
        self._listener = None  # of the request that is going on
        self.opened = Signal()
        """Emitted when a file is read, to be shown."""

        self.changed = Signal()
        """Emitted when there is something else to show."""

        self.finished = Signal()
        """Emitted when the network is kept."""

    def open(self, file) -> None:
        """Read a file, or a kept network by its id, instead of any other."""
        self.close()
        self._file = file
        self._show(READING)
        self.opened.emit()
        spawn(self._read(file))

    @property
    def is_kept(self) -> bool:
        """Whether it is a network that is kept already."""
        return isinstance(self._file, str)

    def close(self) -> None:
        """Give the file up, and a trial that is going on."""
        if self.state in (TRYING, READING):
            self._worker.cancel(self._listener)
        self._file = self.form = self.error = self.result = None
        self._show("")

    def edit(self, change) -> None:
        """Have `change(form)` change the description. What was tried before is no news any more."""
        if self.form:
            change(self.form)
            self.error = self.result = None
            self._show(self.state)

    def try_it(self) -> None:
        """Try the network on a photo."""
        if self.state == READY:
            self.error = self.result = None
            self._show(TRYING)
            spawn(self._try(self._file, self.form))

    def keep(self) -> None:
        """Keep the network on this device, and use it."""
        if self.state == READY:
            self.error = None
            self._show(KEEPING)
            spawn(self._keep(self._file, self.form))

    @property
    def error_text(self) -> str:
        """What is wrong, in the page's language; empty for nothing."""
        return error_text(self.error) if self.error else ""

    async def _read(self, file) -> None:
        try:
            response = await self._worker.read_network(file, self._listen())
        except EngineError as error:
            self._fail(file, error, REFUSED)
            return
        if file is self._file:
            self.form = NetworkForm(json.loads(response.facts))
            self._show(READY)

    async def _try(self, file, form) -> None:
        try:
            photo = await self._photo()
            if photo is not None:
                response = await self._worker.try_network(file, form.text, photo, self._listen())
                if file is self._file:
                    self.result = response
        except EngineError as error:
            self._fail(file, error, READY)
            return
        if file is self._file:
            self._show(READY)

    async def _keep(self, file, form) -> None:
        try:
            response = await self._worker.keep_network(file, form.text)
        except EngineError as error:
            self._fail(file, error, READY)
            return
        await self._models.reload()
        self._models.choose(response.id)
        self._notice.toast(t("network.kept", name=form.description["title"]))
        if file is self._file:
            self._file = None
            self.close()
            self.finished.emit()

    def _listen(self):
        """Return a listener that stands for a request: by it the request is given up."""
        self._listener = lambda stage, done, total: None
        return self._listener

    def _fail(self, file, error, state) -> None:
        if file is not self._file:
            return
        log.info("A network was refused: " + error.name + " " + error.reason)
        self.error = error
        self._show(state)

    def _show(self, state) -> None:
        self.state = state
        self.changed.emit()
