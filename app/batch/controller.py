"""The batch's parts, made and connected. What each does is in its own module."""

from core.dom import by_id
from core.i18n import error_text, t
from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.worker_client import EngineError

from batch import texts
from batch.batch import Batch
from batch.browser import ResultFiles, make_id, make_preview, open_picker
from batch.editing import BatchEditing
from batch.finer_card import FinerCard
from batch.keeping import BatchKeeper
from batch.look_form import LookForm
from batch.mode import LIST, BatchMode
from batch.offer import BatchOffer
from batch.previews import Previews
from batch.results import BatchResults
from batch.runner import BatchRunner
from batch.view import BatchView, OfferBox, show_mode


class BatchController:
    """One batch at a time: it is there from the first photos until the person closes it."""

    def __init__(
        self, worker, network, flow, editor, notice, ask, tab, urls, make_file, choice, own, library, edit, naming
    ):
        """
        Args:
            worker: the `WorkerClient`.
            network: the `BatchNetwork`.
            flow: the `PhotoFlow`.
            editor: the `EditorController`.
            notice: the `Notice`.
            ask: coroutine function of a title, a text and a button's label. It returns whether that is pressed.
            tab: remembers the id of this tab's batch over a reload (`await read()`, `note(id)`).
            urls: makes addresses of files and frees them.
            make_file: function that makes a file of a blob and a name.
            choice: the `PresetChoice`; `look` is what the photos of a new batch get, None for the default.
            own: the `OwnPresets`, with all that there are to choose from.
            library: the `Library` of recipes.
            edit: lets a person save and edit presets.
            naming: the `Naming`.
        """
        self._worker, self._flow, self._notice, self._ask, self._choice = worker, flow, notice, ask, choice
        self._tab, self._urls = tab, urls
        self._batch = batch = Batch()
        self._runner = runner = BatchRunner(batch, worker, network, urls)
        self._keeper = BatchKeeper(batch, worker)
        Previews(batch, worker, make_preview, urls)
        files = ResultFiles()
        self._results = results = BatchResults(batch, worker, files, naming)
        self._editing = editing = BatchEditing(batch, runner, network, flow, editor, worker, urls, make_file)
        self.closed = Signal()
        """Emitted when the person has closed the batch."""

        self.rested = Signal()
        """Emitted when nothing is left to do any more: all is done, or the rest is left out."""

        self._was_going = False
        self._is_over = False  # its end was announced
        self._is_lasting = True
        self._mode = mode = BatchMode(batch, runner, editing, flow, editor)
        self.leaving = mode.leaving
        """Emitted before a photo that does not belong to the batch is closed for the list."""

        actions = {
            "pause": lambda: batch.pause(not batch.is_paused),
            "cancel": batch.cancel_all,
            "retry": batch.retry_all,
            "add": lambda: open_picker("photo"),
            "add-folder": lambda: open_picker("folder"),
            "save": lambda: spawn(results.save_zip(t("batch.zip") + ".zip")),
            "folder": lambda: spawn(results.save_to_folder()),
            "close": lambda: spawn(self._close()),
            "back": mode.back,
        }
        one = {"open": lambda photo: spawn(editing.open(photo)), "retry": batch.retry, "cancel": batch.cancel}
        self._view = BatchView(batch, runner, results, dict(actions, remove=self._remove, **one))
        FinerCard(batch, network)
        self._form = LookForm(batch, own, library, edit)
        self._form.chosen.connect(batch.use_look)
        self._offer = BatchOffer()
        OfferBox(self._offer, self._resume, self._discard)
        by_id("batch-folder").hidden = not files.has_folders
        by_id("batch-add-folder").hidden = not hasattr(by_id("folder"), "webkitdirectory")

        runner.failed.connect(self._show_error)
        results.failed.connect(self._show_error)
        editing.failed.connect(self._show_error)
        results.saved.connect(lambda count, where: notice.toast(t("batch.saved." + where, count=count)))
        self._keeper.refused.connect(self._on_not_kept)
        mode.changed.connect(self._on_mode)
        batch.changed.connect(self._announce_end)

    @property
    def is_open(self):
        """Whether there is a batch."""
        return bool(self._batch.id)

    @property
    def is_going(self):
        """Whether anything is left to do."""
        return self._batch.is_going

    def keep(self):
        """Have the list kept once more. The worker that does it has the batch open then, and no other tab has."""
        self._batch.changed.emit()

    @property
    def needs_worker(self):
        """Whether results would be lost if the worker were stopped: where the browser keeps nothing."""
        return self.is_open and not self._is_lasting

    def add(self, files):
        """Add photos; the first ones begin a batch."""
        batch = self._batch
        if not batch.id:
            batch.begin(make_id(), self._choice.look)
            self._form.show(self._choice.chosen.id)
            self._tab.note(batch.id)
        batch.add(files)
        if self._editing.photo:
            self._notice.toast(t("batch.added", count=len(files)))
        else:
            spawn(self._mode.show_list())

    async def put_back(self):
        """Return what was done to the photo of the batch that is in the editor, before another takes its place."""
        await self._editing.back()

    def note_deleted(self):
        """What is kept of the photo in the editor was deleted: where it is one of the batch, it leaves the batch."""
        photo = self._editing.photo
        if photo:
            self._editing.forget()
            self._remove(photo)

    async def find(self):
        """Go on with the batch that this tab had open before it was reloaded; otherwise offer those that are kept."""
        own = await self._tab.read()
        try:
            if own and not self.is_open and await self._restore(own):
                return
            found = await self._worker.list_batches()
        except EngineError as error:
            log.info("No batch was looked for: " + error.name)  # the worker did not start, which is said elsewhere
            return
        if not self.is_open:
            self._offer.show(list(found.batches))

    async def _resume(self, id):
        if not await self._restore(id):
            self._offer.withdraw(id)

    async def _discard(self, kept):
        if await self._ask(t("batch.close.sure"), t("batch.close.text"), t("history.delete")):
            self._offer.withdraw(kept.id)
            await self._keeper.discard(kept.id)

    async def _restore(self, id):
        """Go on with a batch. Returns whether that is possible."""
        try:
            response = await self._worker.restore_batch(id)
        except EngineError as error:
            if error.name != "BatchGoneError":  # it was closed, or this is a copy of the tab that has it
                self._show_error(error)
            return False
        if self.is_open:
            return True  # photos were dropped meanwhile; this one is offered again with the next visit
        if self._flow.is_working or self._flow.current is not None:
            return False  # one photo was chosen meanwhile, which stays; the batch is on the device
        thumbnails = {}
        for number, blob in list(response.thumbnails):
            thumbnails[number] = self._urls.create(blob)
        gone = EngineError("BatchGoneError", t("error.BatchGoneError.part"), "", "part")
        self._runner.hold("restore")
        self._batch.restore(id, response.state, list(response.names), thumbnails, gone)
        self._tab.note(id)
        self._form.show()
        spawn(self._mode.show_list())
        self._runner.let_go("restore")
        return True

    def _on_mode(self, mode, photo):
        show_mode(mode)
        if mode == LIST:
            self._is_over = not self._batch.is_going
            self._offer.withdraw()
            if photo:
                self._view.focus_photo(photo)
            else:
                self._view.focus_title()

    def _remove(self, photo):
        self._batch.remove(photo)
        if photo.thumbnail:
            self._urls.revoke(photo.thumbnail)
        spawn(self._drop(self._batch.id, photo))
        if not self._batch.photos:
            spawn(self.end())

    async def _drop(self, id, photo):
        try:
            await self._worker.drop_photo(id, photo.number)
        except EngineError:
            pass  # it goes with the batch

    async def _close(self):
        batch = self._batch
        is_safe = batch.is_saved and not batch.is_going
        if is_safe or await self._ask(t("batch.close.sure"), t("batch.close.text"), t("batch.close.yes")):
            await self.end()

    async def end(self):
        """Close the batch and delete what is kept of it."""
        if not self.is_open:
            return
        closed = self._batch.id
        for photo in self._batch.photos:
            if photo.thumbnail:
                self._urls.revoke(photo.thumbnail)
        self._batch.begin("")
        self._tab.note("")
        self._mode.end()
        self._editing.forget()
        self._flow.close()
        self.closed.emit()
        await self._keeper.discard(closed)

    def _announce_end(self):
        was_going, self._was_going = self._was_going, self._batch.is_going
        if was_going and not self._was_going and self.is_open:
            self.rested.emit()
        text = texts.summary(self._batch)
        if text and not self._is_over:
            self._notice.announce(text)
        self._is_over = bool(text)

    def _on_not_kept(self, error):
        if error:
            self._notice.error(error_text(error), error)
        else:
            self._is_lasting = False
            self._notice.toast(t("batch.not_kept"))

    def _show_error(self, error):
        self._notice.error(error_text(error), error)
