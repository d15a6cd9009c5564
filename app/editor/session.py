"""The open photo in the worker: what is requested of it, and what the responses change."""

from core.bitmaps import close_bitmaps, has_bitmap
from core.i18n import error_text, t
from core.signals import Signal
from core.worker_client import EngineError

from editor.journal import Journal


class EditingSession:
    """Opens a photo for editing, changes its alpha, and has the worker open it again if the worker was stopped."""

    def __init__(self, worker, queue, layers, history, settings, notice, max_pixels, drawn=None):
        """
        Args:
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            layers: the `Layers` that hold the photo on the page.
            history: the `History`.
            settings: the `PhotoSettings`.
            notice: the `Notice`.
            max_pixels: function that returns how many pixels a preview may have.
            drawn: coroutine function that returns once what was changed on the page is seen, if that is waited for.
        """
        self._worker, self._queue, self._layers = worker, queue, layers
        self._drawn = drawn
        self._history, self._settings, self._notice = history, settings, notice
        self._max_pixels = max_pixels
        self.name = ""
        """The name of the photo's file."""

        self.work = ""
        """The id under which the worker saves what is done to the photo; empty until the photo is at full size."""

        self._reopen = None
        self._journal = Journal()
        self.work_changed = Signal()
        """Emitted when `work` is another."""

        self.opened = Signal()
        """Emitted when another photo is open."""

        self.finished = Signal()
        """Emitted with the response once a photo that was opened as a preview is ready at its full size."""

        self.stepping = Signal()
        """Emitted before undo, redo or another step is requested: a gesture that goes on is taken back."""

        self.updated = Signal()
        """Emitted when the worker's alpha may have changed."""

        self.alpha_changed = Signal()
        """Emitted with the box of photo pixels in which the mask on the page has changed."""

        self.recovered = Signal()
        """Emitted when a stopped worker has the photo open again."""

        self.lost = Signal()
        """Emitted when the worker was stopped with the photo in it, and could not open it again."""

        queue.recover_with(self.recover)
        queue.answered.connect(self._note)
        queue.cancelled.connect(self._on_cancelled)
        queue.failed.connect(self._on_failed)

    def open(self, response, name, reopen):
        """Edit a photo that the worker has opened or restored.

        `await reopen()` opens the very same file once more. That is used only for a photo that was opened as one:
        restored work had steps that the file alone does not have.
        """
        is_preview = self._layers.is_preview
        self.name, self._reopen = name, reopen if is_preview else None
        self._history.update(response.history)
        self._journal.begin(revision_of(response))
        self._set_work(response)
        self.opened.emit()
        if is_preview:
            if self._drawn:  # the worker would take the processor from what draws the preview
                self._queue.submit(self._wait_until_drawn, quiet=True)
            self._queue.submit(self._worker.finish_photo, on_success=self._on_finished, quiet=True)

    async def _wait_until_drawn(self, on_progress=None):
        await self._drawn()

    def close(self):
        """Have no photo open any more."""
        self.name, self.work, self._reopen = "", "", None
        self._history.clear()

    def _on_finished(self, response):
        self._set_work(response)
        self.finished.emit(response)

    def _set_work(self, response):
        self.work = response.work if hasattr(response, "work") else ""
        if self.work:
            self.work_changed.emit()

    def apply(self, operation, on_success=None, on_error=None):
        """Request an operation. The callbacks get no arguments; `on_success` runs before the page shows the change."""
        self._history.expect_operation(operation)

        def done(response):
            if on_success:
                on_success()
            self._take(response, is_wanted=True)

        self._queue.submit(self._worker.apply_operation, operation, on_success=done, on_error=on_error)

    def undo(self):
        """Undo the last step."""
        if self._history.can_undo:
            position = self._history.position - 1
            name = self._history.names[position]
            self._step(self._worker.undo, position, lambda: t("said.undone", step=t(name)))

    def redo(self):
        """Redo the next step."""
        if self._history.can_redo:
            position = self._history.position
            name = self._history.names[position]
            self._step(self._worker.redo, position + 1, lambda: t("said.redone", step=t(name)))

    def _step(self, call, position, message):
        def done(response):
            self._take(response)
            self._notice.announce(message())

        self._history.expect_position(position)
        self.stepping.emit()
        self._queue.submit(call, on_success=done)

    def go_to(self, position):
        """Undo or redo until so many steps are in force."""
        if position != self._history.position:
            self._history.expect_position(position)
            self.stepping.emit()
            self._queue.submit(self._worker.go_to_step, position, on_success=self._take)

    def start_over(self):
        """Return to the network's alpha and the settings at first, as one more step."""
        self._queue.submit(self._worker.start_over, on_success=self._take)

    def use_model(self, model, backend):
        """Have another network cut the photo out: one more step."""
        self._queue.submit(
            self._worker.load_model,
            model,
            backend,
            on_success=lambda response: self.apply({"kind": "network", "model": model}),
        )

    def apply_upgrade(self, model, on_success, on_error):
        """Have what a finer network found under the steps, because it comes by itself.

        Calls `on_success(response)` or `on_error()`.
        """

        def done(response):
            self._take(response)
            on_success(response)

        self._queue.submit(self._worker.use_alternative, model, True, on_success=done, on_error=on_error)

    def choose_alternative(self, model, backend, on_success, on_error):
        """Have another network's result under the steps, because the person chose it: one more step there.

        Calls `on_success()` or `on_error()`. The network looks again if the worker was stopped since.
        """
        self.stepping.emit()

        def found(response):
            self._queue.submit(self._worker.use_alternative, model, False, on_success=done, on_error=on_error)

        def done(response):
            self._take(response)
            self._history.edited.emit()
            on_success()

        self._queue.submit(self._worker.find_alternative, model, backend, on_success=found, on_error=on_error)

    def cancel(self):
        """Give up what the worker does for a person, at once. The photo is opened again as it was before."""
        self._queue.cancel(self._worker)

    def _on_cancelled(self):
        self._history.revert()
        self._notice.toast(t("said.cancelled"))
        # The next worker gets the photo while the person looks at it: any request that needs one.
        self._queue.submit(self._worker.pick_colour, 0, 0, quiet=True)

    async def recover(self):
        """Have a worker that was stopped, or has ended, open the photo again as it was. Returns whether it has.

        What the device had not kept is done once more.
        """
        if not self.name:
            return False
        layers, settings = self._layers, self._settings.value()
        has_ended = self._worker.has_ended
        response = await self._restored()
        if response is None:
            return False
        self._set_work(response)
        for call, arguments in self._journal.take_back(revision_of(response)):
            done = await call(*arguments)
            self._note(call, arguments, done)
            close_bitmaps(done)
        response = await self._worker.set_settings(settings)
        close_bitmaps(response)
        self._history.learn(response.history)
        layers.renew(await self._worker.render_photo())
        self.recovered.emit()
        if has_ended:
            self._notice.toast(t("said.recovered"))
        return True

    async def _restored(self):
        """Have the worker open the photo in the last revision that there is. Returns the response, None where there is
        none."""
        if self._history.known_names or not self._reopen:
            try:
                response = await self._worker.restore_work(self.work, self._max_pixels())
            except EngineError as error:
                if error.name != "WorkDamagedError":
                    raise
                # Nothing of it is kept: this device stores nothing, or it was deleted.
                if not self._reopen:
                    return None
            else:
                self._layers.open(response)
                return response
        self._layers.open(await self._reopen())
        response = await self._worker.finish_photo()
        self._layers.finish(response)
        return response

    def _note(self, call, arguments, response):
        """Note a request that may have changed the photo."""
        if hasattr(response, "history"):
            self._journal.note(call, arguments, revision_of(response))
        elif call == self._worker.set_background_image:
            self._journal.note_provision(call, arguments)

    def _take(self, response, is_wanted=False):
        """Show the changed part of the alpha, and the history as it is now.

        `is_wanted`: a person expects a change, and should see that there is none.
        """
        self.updated.emit()
        is_changed = has_bitmap(response)
        if is_changed:
            self.alpha_changed.emit(self._layers.patch(response))
        if hasattr(response, "settings"):
            is_changed = True  # of a step that was gone to
            self._settings.take(response)
        self._history.update(response.history)
        if is_wanted and not is_changed:
            self._notice.toast(t("said.nothing"))
        else:
            self._notice.announce(t(self._history.last_name if is_changed else "said.nothing"))

    def _on_failed(self, error):
        self._notice.error(error_text(error), error)
        self._history.revert()
        if error.name == "NothingOpenError":
            self.lost.emit()


def revision_of(response):
    """Return the number of the photo's revision that a response tells of."""
    history = response.history if hasattr(response, "history") else None
    return history.revision if hasattr(history, "revision") else 0
