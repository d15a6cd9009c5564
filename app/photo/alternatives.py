"""The results of other networks: found while nothing else is done, shown where the networks disagree or on request."""

import asyncio

from core.i18n import t
from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.timing import timing
from core.units import Rate
from core.worker_client import EngineError, cancel_quietly

from offcut.protocol import steps
from offcut.protocol.downloads import SMALL_BYTES
from photo import model_policy

SIDE = 224
"""Longer side of a result's picture, in pixels: of a screen with two for each CSS pixel."""

_MEGA = 1_000_000


class Missing:
    """A network that is not on the device."""

    def __init__(self, id: str, bytes: int) -> None:
        """`bytes` are still to download."""
        self.id, self.bytes = id, bytes


class Alternatives:
    """What several networks found in the photo on the page, of which a person can choose.

    A download is only begun by a person. Networks on the device are asked in turn, one at a time, while the page is
    idle; another photo waits for at most one of them.
    """

    def __init__(self, worker, queue, editor, upgrade, models, backends, device, now, sleep=asyncio.sleep) -> None:
        """
        Args:
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            editor: has `network`, the id of the network whose result is used, and
                `choose_alternative(model, backend, on_success, on_error)`.
            upgrade: the `AutoUpgrade`; other networks wait until it is over.
            models: the `ModelPicker`.
            backends: the `BackendPicker`.
            device: function that returns the device's memory in GB, or None, and whether the connection is metered.
            now: function that returns seconds.
            sleep: coroutine function of seconds.
        """
        self._worker, self._queue, self._editor, self._upgrade = worker, queue, editor, upgrade
        self._models, self._backends, self._device, self._sleep = models, backends, device, sleep
        self._rate = Rate(now)
        self._photo: object | None = None  # an object of its own for each photo
        self._response = None  # of the photo that waits for the upgrade
        self._is_running = False  # networks are being asked
        self._is_requested = False  # by a person, for this photo
        self._is_due = False  # what a person has requested was not begun yet
        self._downloading = None  # the network that is being downloaded
        self.is_shown = False
        """Whether a person should see the results."""

        self.is_doubtful = False
        """Whether the networks disagree about the photo."""

        self.results: list = []
        """Objects with `model`, `title` and `picture` (a data URL), one for each result that looks different."""

        self.state = ""
        """``"looking"`` while a network is asked, ``"loading"`` while one is downloaded, ``"failed"``, or empty."""

        self.bytes_text = ""
        """How much has been downloaded."""

        self.missing: Missing = None
        """A network that is not on the device (`Missing`), or None."""

        self._looked: list[str] = []  # the networks that have looked at the photo
        self._choosing = ""  # the network whose result was chosen, until it is in use
        self.changed = Signal()
        """Emitted when any of these changes."""

        upgrade.changed.connect(self._on_upgrade)

    @property
    def current(self) -> str:
        """The id of the network whose result is used."""
        return self._choosing or self._editor.network

    @property
    def text(self) -> str:
        """What is said above the results."""
        if self.is_doubtful:
            return t("alternatives.doubtful")
        if len(self.results) > 1:
            return t("alternatives.ask")
        if self._is_running or self._is_due:
            return t("alternatives.title")
        return t("alternatives.same" if len(self._looked) > 1 else "alternatives.alone")

    @property
    def note(self) -> str:
        """What is said below them."""
        if self.state == "loading":
            return t("alternatives.loading", bytes=self.bytes_text)
        return t("alternatives." + self.state) if self.state else ""

    @property
    def offer(self) -> str:
        """What the button says that asks a network which is not on the device; empty without one."""
        if self.missing is None or self.state in ("looking", "loading"):
            return ""
        return t("alternatives.more", size=f"{self.missing.bytes / _MEGA:.0f}")

    def reset(self) -> None:
        """There is no photo on the page any more."""
        self.is_shown = self.is_doubtful = self._is_requested = False
        self.results, self._looked, self._choosing = [], [], ""
        self.missing = None
        self.pause()

    def pause(self) -> None:
        """Another photo is on its way: ask no more about this one, which may stay."""
        self._photo = self._response = None
        self._is_running = self._is_due = False
        self.state = ""
        self.changed.emit()

    def photo_shown(self, response) -> None:
        """There is another photo on the page. `response` is that of `open_photo` or `restore_work`."""
        self.reset()
        if hasattr(response, "work"):  # saved work; what was found then is known, unless a result was chosen
            self._photo = object()
            if steps.CHOSEN not in list(response.history.names):
                spawn(self._run(self._photo, self._show_known))

    def photo_opened(self, response) -> None:
        """A photo was cut out: find out whether the networks disagree. `response` is that of `open_photo`."""
        self._photo = object()
        if "own-shape" not in list(response.notices):
            self._response = response
            self._on_upgrade()

    def request(self) -> None:
        """Ask all networks that are on the device, because a person wants that."""
        self._is_requested = self._is_due = self.is_shown = True
        if self._photo is None:
            self._photo = object()
        spawn(self._run(self._photo, self._look))
        self.changed.emit()

    def dismiss(self) -> None:
        """The person has seen enough of them."""
        self._is_requested = self.is_shown = False
        self.changed.emit()

    def choose(self, model: str) -> None:
        """Use the result of a network."""
        if model == self.current:
            return
        if self._upgrade.can_stop:
            self._upgrade.abandon()
        self._choosing = model
        self.changed.emit()
        self._editor.choose_alternative(model, self._backends.selected, self._chosen, self._chosen)

    def fetch(self) -> None:
        """Download the network that is missing, and ask it."""
        if self.missing is not None and not self._is_running:
            spawn(self._run(self._photo, self._fetch))

    def stop(self) -> None:
        """Stop the download."""
        if self._downloading:
            spawn(cancel_quietly(self._worker, self._downloading))

    def network_changed(self) -> None:
        """Another result may be used: after undo, for example."""
        if self.is_shown:
            self.changed.emit()

    def _on_upgrade(self) -> None:
        """Begin once the automatic upgrade is over."""
        if self._response is None or self._upgrade.can_stop:
            return
        response, self._response = self._response, None
        if self._upgrade.state != "stopped":  # the person wants no more of it
            spawn(self._run(self._photo, lambda photo: self._compare(photo, response)))

    def _chosen(self) -> None:
        self._choosing = ""
        self.changed.emit()

    async def _run(self, photo, work) -> None:
        """Do one thing at a time, and show where it fails."""
        if self._is_running:
            return
        self._is_running, state = True, ""
        try:
            await work(photo)
        except EngineError as error:
            state = "" if error.name in ("DownloadCancelledError", "NothingOpenError") else "failed"
        except Exception as error:  # a bug; the results must not wait for ever
            log.error("Another result was not found", cause=error)
            state = "failed"
        if photo is self._photo:
            self._is_running, self._downloading = False, None
            self.state = state
            self.changed.emit()
            if self._is_due:
                spawn(self._run(photo, self._look))

    async def _show_known(self, photo) -> None:
        await self._idle(photo)
        if await self._list(photo) and self.is_doubtful:
            self.is_shown = True

    async def _compare(self, photo, response) -> None:
        """Find out whether the networks disagree about the photo, and if so, ask the others."""
        await self._idle(photo)
        if not await self._list(photo):
            return
        if len(self._looked) < 2 and not self._is_requested:
            check = model_policy.model_of(self._models.tiers, model_policy.FIRST)
            if not await self._may_look(response) or check not in await self._at_hand(photo):
                return
            await self._find(photo, check)
        if photo is self._photo and (self.is_doubtful or self._is_requested):
            self.is_shown = True
            await self._look(photo)

    async def _may_look(self, response) -> bool:
        low_memory = (await self._worker.info()).low_memory
        memory_gb, _ = self._device()
        return model_policy.may_look(response.seconds.infer, response.backend == "webgpu", memory_gb, low_memory)

    async def _look(self, photo) -> None:
        """Ask every network that is on the device."""
        self._is_due = False
        if not await self._list(photo):
            return
        for model in await self._at_hand(photo):
            if photo is self._photo and self.is_shown:
                await self._find(photo, model)

    async def _fetch(self, photo) -> None:
        model, self.state = self.missing, "loading"
        self._downloading = model.id
        self._on_progress(photo, 0, model.bytes)
        await self._worker.cache_model(
            model.id, on_progress=lambda stage, done, total: self._on_progress(photo, done, total)
        )
        if photo is self._photo:
            self._downloading = None
            await self._find(photo, model.id)
            await self._at_hand(photo)

    async def _find(self, photo, model: str) -> None:
        """Ask one network, as soon as nothing else is done, and show the results again."""
        self.state = "looking"
        self.changed.emit()
        await self._idle(photo)
        if photo is self._photo:
            await self._worker.find_alternative(model, self._backends.selected)
            await self._list(photo)

    async def _idle(self, photo) -> None:
        """Wait until nothing was requested for a while."""
        while photo is self._photo:
            await self._queue.wait_idle()
            await self._sleep(timing.alternatives_pause)
            if self._queue.is_idle:
                return

    async def _list(self, photo) -> bool:
        """Show what is known. Returns whether the photo is still on the page."""
        response = await self._worker.list_alternatives(SIDE)
        if photo is not self._photo:
            return False
        self.results, self._looked = list(response.pictures), list(response.looked)
        self.is_doubtful = response.is_doubtful
        self.changed.emit()
        return True

    async def _at_hand(self, photo) -> list:
        """Return the networks that could look without a download, in the order of the catalogue.

        Of the others the smallest is `missing`.
        """
        at_hand, missing = [], None
        for model in list(await self._worker.list_models()):
            needed = model.bytes - model.cached_bytes
            if model.id in self._looked:
                continue
            if needed == 0 or (needed <= SMALL_BYTES and not self._device()[1]):
                at_hand.append(model.id)
            elif missing is None or needed < missing.bytes:
                missing = Missing(model.id, needed)
        if photo is self._photo:
            self.missing = missing
        return at_hand

    def _on_progress(self, photo, done: float, total: float) -> None:
        if photo is self._photo:
            self.bytes_text = self._rate.text(done, total)
            self.changed.emit()
