"""A finer cutout in place of the fast one, where the choice of network is automatic; and the line that tells of it."""

import asyncio

import js
from core.dom import by_id, on
from core.i18n import on_language_change, t
from core.units import Rate
from core.worker_client import EngineError

from photo import model_policy
from photo.pickers import AUTOMATIC


class AutoUpgrade:
    """At most one at a time. A new photo, another choice or the person ends it, and what is on the screen stays."""

    def __init__(self, engine, desk, tiers, backends):
        self._engine, self._desk, self._tiers, self._backends = engine, desk, tiers, backends
        self._box, self._text, self._stop = by_id("finer"), by_id("finer-text"), by_id("finer-stop")
        self._rate = Rate(lambda: js.performance.now() / 1000)
        self._seconds = {}  # of the last run, by network
        self._now = None  # unlike that of any other attempt
        self._fetched = None  # the network that is being downloaded
        self._said = None
        self._told = []
        self.state = ""
        """``"loading"``, ``"working"``, ``"done"``, ``"same"``, ``"failed"``, ``"stopped"``, or why it is not done at all."""

        on(self._stop, "click", lambda event: self._end("stopped"))
        on_language_change(self._show)

    @property
    def first(self):
        """The network that the next photo goes to, or None for the engine's default."""
        if self._tiers.selected == AUTOMATIC:
            return model_policy.first(self._tiers.tiers, self._seconds)
        return self._tiers.selected

    def abandon(self):
        """Something else is going on. What is being downloaded goes on arriving, for the next photo."""
        self._now = self._fetched = None
        self._say("")

    def begin(self, answer):
        """A photo is on the page, the answer of `open_photo`: replace its cutout by a finer one, if that is to be done."""
        self.abandon()
        tiers = self._tiers.tiers
        self._seconds[answer.model] = answer.seconds.infer
        if self._tiers.selected != AUTOMATIC or tiers.get(answer.model) != model_policy.FIRST:
            return
        self._now = object()
        asyncio.create_task(self._improve(self._now, answer))

    async def _improve(self, mine, answer):
        await self._desk.requests.wait_idle()  # the file of the fast one first: it can then be saved whatever goes on
        if mine is not self._now:
            return
        try:
            title = await self._find(mine, answer)
        except EngineError as error:
            if mine is self._now:
                self._end("stopped" if error.name == "DownloadCancelledError" else "failed")
            return
        if title and mine is self._now:
            self._desk.replace(lambda answer: self._replaced(mine, answer, title), lambda: self._end("failed"))

    async def _find(self, mine, answer):
        """Have the finer cutout found. Gives the network's title, None where there is none to be had or no use for it."""
        info = await self._engine.info()
        models = {model.id: model for model in list(await self._engine.list_models())}
        kept = [id for id in models if models[id].is_cached]
        on_graphics = answer.backend == "webgpu"
        id, reason = model_policy.finer(
            self._tiers.tiers,
            kept,
            answer.seconds.infer,
            on_graphics,
            getattr(js.navigator, "deviceMemory", None),
            info.low_memory,
            _is_sparing(),
            info.storage_problem,
        )
        if mine is not self._now:
            return None
        if id is None:
            self._decline(reason)
            return None
        title = models[id].title
        if id not in kept:
            self._fetched = id
            self._loading(mine, 0, models[id].bytes)
            got = await self._engine.cache_model(id, lambda stage, *counts: self._loading(mine, *counts))
            if mine is not self._now:
                return None
            self._fetched = None
            if got.storage_problem:
                self._decline("storage")
                return None
        self._say("working", title=title)
        found = await self._engine.find_upgrade(id, self._backends.selected)
        self._seconds[id] = found.seconds.infer
        return title

    def _loading(self, mine, done, total):
        if mine is self._now:
            self._say("loading", bytes=self._rate.text(done, total))

    def _replaced(self, mine, answer, title):
        if mine is self._now:
            self._now = None
            self._say("done" if hasattr(answer.alpha, "width") else "same", title=title)

    def _decline(self, reason):
        """It is not to be done; why, is said once."""
        self._now = None
        self._say(reason)
        self._box.hidden = reason in self._told
        self._told.append(reason)

    def _end(self, state):
        fetched, self._now, self._fetched = self._fetched, None, None
        self._say(state)
        if fetched:
            asyncio.create_task(self._cancel(fetched))

    async def _cancel(self, id):
        try:
            await self._engine.cancel_download(id)
        except EngineError:
            pass  # then nothing is on its way any more

    def _say(self, state, **values):
        self.state = state
        self._said = (lambda: t("finer." + state, **values)) if state else None
        self._box.hidden = not state
        self._stop.hidden = self._now is None
        self._show()

    def _show(self):
        if self._said:
            self._text.textContent = self._said()


def _is_sparing():
    connection = getattr(js.navigator, "connection", None)
    said = [getattr(connection, name, None) for name in ("saveData", "type", "effectiveType")]
    return model_policy.is_sparing(*said)
