"""A finer cutout in place of the fast one, where the choice of network is automatic."""

from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.units import Rate
from core.worker_client import EngineError, cancel_quietly

from photo import model_policy
from photo.pickers import AUTOMATIC


class AutoUpgrade:
    """At most one at a time. A new photo, another choice or the person ends it, and what is on the screen stays."""

    def __init__(self, worker, queue, editor, models, backends, device, now, consent) -> None:
        """
        Args:
            worker: the `WorkerClient`.
            queue: the `RequestQueue`; an upgrade begins when it is idle.
            editor: has the worker put a network's result under what was done since: by itself
                (`apply_upgrade(model, on_success, on_error)`) or because a person wants that
                (`choose_alternative(model, backend, on_success, on_error)`).
            models: the `ModelPicker`.
            backends: the `BackendPicker`.
            device: function that returns the device's memory in GB, or None, and whether the connection is metered.
            now: function that returns seconds.
            consent: the `Consent` to downloads.
        """
        self._consent = consent
        self._offered = "", 0  # id and bytes of the network that the person is asked about
        self._asked_for = None  # the response to the photo for whose sake the person is asked
        self._worker, self._queue, self._editor = worker, queue, editor
        self._models, self._backends, self._device = models, backends, device
        self._rate = Rate(now)
        self._seconds: dict[str, float] = {}  # inference time of the last run, by network
        self._attempt: object | None = None  # an object of its own for each attempt
        self._downloading = None  # the network that is being downloaded
        self._replaced = ""  # the network whose result was replaced
        self._reasons_shown: list[str] = []
        self.state = ""
        """``"offer"``, ``"loading"``, ``"working"``, ``"done"``, ``"same"``, ``"failed"``, ``"stopped"``, empty, or why
        there is no upgrade: ``"memory"``, ``"slow"``, ``"storage"``, ``"connection"``."""

        self.values: dict[str, str] = {}
        """What the state's text is filled in with."""

        self.is_shown = False
        """Whether a person should see the state."""

        self.changed = Signal()
        """Emitted when any of these changes."""

    @property
    def can_go_back(self) -> bool:
        """Whether the first result can be brought back: from the upgrade until the next edit."""
        return self.state == "done"

    def go_back(self) -> None:
        """Bring the first result back, because the person wants that."""
        if self.can_go_back:
            self._show("")
            self._editor.choose_alternative(self._replaced, self._backends.selected, _nothing, _nothing)

    def edited(self) -> None:
        """The person has done something to the photo: the upgrade is no news any more."""
        if self.can_go_back:
            self._show("")

    @property
    def offer_text(self) -> str:
        """What is said of the network that is offered, in the page's language; empty without an offer."""
        return self._consent.question(*self._offered) if self.state == "offer" else ""

    def answer(self, is_wanted: bool) -> None:
        """The person wants better edges, or does not: now and for all photos to come."""
        response, self._asked_for = self._asked_for, None
        self._consent.give(is_wanted)
        self._show("")
        if is_wanted and response is not None:
            self._attempt = object()
            spawn(self._run(self._attempt, response))

    @property
    def can_stop(self) -> bool:
        """Whether an upgrade is going on."""
        return self._attempt is not None

    @property
    def first_model(self) -> str | None:
        """The network that the next photo goes to, or None for the engine's default."""
        if self._models.selected == AUTOMATIC:
            return model_policy.choose_first(self._models.tiers, self._seconds)
        return self._models.selected

    async def choice(self) -> tuple:
        """Return the network and the backend for the next photo, once the site's models are known.

        So a network that was chosen on an earlier visit counts for the first photo, too.
        """
        await self._models.wait_filled()
        return self.first_model, self._backends.selected

    def abandon(self) -> None:
        """End the upgrade, because something else is going on. A download continues, for the next photo."""
        self._attempt = self._downloading = self._asked_for = None
        self._show("")

    def stop(self) -> None:
        """End the upgrade and its download, because the person wants that."""
        self._end("stopped")

    def begin(self, response) -> None:
        """Upgrade the photo that was just opened, if that is to be done. `response` is that of `open_photo`."""
        self.abandon()
        if "own-shape" in list(response.notices):
            return  # no network has looked at it, so a finer one has nothing to replace
        self._seconds[response.model] = response.seconds.infer
        if self._models.selected == AUTOMATIC and self._models.tiers.get(response.model) == model_policy.FIRST:
            self._attempt = object()
            spawn(self._run(self._attempt, response))

    async def _run(self, attempt, response) -> None:
        await self._queue.wait_idle()  # the file of the fast cutout is made first, so that it can be saved meanwhile
        if attempt is not self._attempt:
            return
        try:
            found = await self._find(attempt, response)
        except EngineError as error:
            if attempt is self._attempt:
                self._end("stopped" if error.name == "DownloadCancelledError" else "failed")
            return
        except Exception as error:  # a bug; the line about the upgrade must not stay for ever
            log.error("An upgrade failed", cause=error)
            if attempt is self._attempt:
                self._end("failed")
            return
        if found is not None and attempt is self._attempt:
            model, title = found
            self._replaced = response.model
            self._editor.apply_upgrade(
                model, lambda response: self._applied(attempt, response, title), lambda: self._not_applied(attempt)
            )

    async def _find(self, attempt, response):
        """Have the worker compute the finer alpha.

        Returns the network's id and title, or None if there is no use for it.
        """
        info = await self._worker.info()
        models = {model.id: model for model in list(await self._worker.list_models())}
        cached = [name for name, model in models.items() if model.is_cached]
        chosen, reason = model_policy.upgrade_of(response, info, self._models.tiers, cached, self._device())
        if attempt is not self._attempt:
            return None
        if chosen is None:
            self._decline(reason)
            return None
        title = models[chosen].title
        if chosen not in cached:
            if self._consent.answer is None:
                self._attempt, self._asked_for = None, response
                self._offered = chosen, models[chosen].bytes
                self._show("offer")
                return None
            if not self._consent.answer:
                self._attempt = None
                self._show("")
                return None
            self._downloading = chosen
            self._on_progress(attempt, 0, models[chosen].bytes)
            result = await self._worker.cache_model(
                chosen, on_progress=lambda stage, done, total: self._on_progress(attempt, done, total)
            )
            if attempt is not self._attempt:
                return None
            self._downloading = None
            if result.storage_problem:
                self._decline("storage")
                return None
        self._show("working", title=title)
        found = await self._worker.find_alternative(chosen, self._backends.selected)
        if hasattr(found.seconds, "infer"):
            self._seconds[chosen] = found.seconds.infer
        people = model_policy.model_of(self._models.tiers, model_policy.PEOPLE)
        if people in cached and attempt is self._attempt and await self._suits(people):
            return people, models[people].title
        return chosen, title

    async def _suits(self, people: str) -> bool:
        """Have the network for people look, too. Returns whether it knows the subject best."""
        try:
            found = await self._worker.find_alternative(people, self._backends.selected)
        except EngineError:
            return False  # the finer result is there
        return found.suited == people

    def _on_progress(self, attempt, done: float, total: float) -> None:
        if attempt is self._attempt:
            self._show("loading", bytes=self._rate.text(done, total))

    def _applied(self, attempt, response, title: str) -> None:
        if attempt is self._attempt:
            self._attempt = None
            self._show("done" if hasattr(response.alpha, "width") else "same", title=title)

    def _not_applied(self, attempt) -> None:
        if attempt is self._attempt:
            self._end("failed")

    def _decline(self, reason) -> None:
        """There is no upgrade; the person is shown once why."""
        self._attempt = None
        is_new = reason not in self._reasons_shown
        self._reasons_shown.append(reason)
        self._show(reason, is_shown=is_new)

    def _end(self, state: str) -> None:
        downloading, self._attempt, self._downloading = self._downloading, None, None
        self._show(state)
        if downloading:
            spawn(cancel_quietly(self._worker, downloading))

    def _show(self, state: str, is_shown: bool = True, **values) -> None:
        self.state, self.values = state, values
        self.is_shown = bool(state) and is_shown
        self.changed.emit()


def _nothing() -> None:
    """What follows is shown by the editor."""
