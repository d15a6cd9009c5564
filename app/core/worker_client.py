"""The page's side of the worker: one method a request, and a table of the requests that wait for their response."""

import asyncio

from core.clock import monotonic
from core.future import Future
from core.i18n import t
from core.log import log
from core.signals import Signal
from core.tasks import spawn
from core.timing import timing
from offcut.protocol import messages, requests

TRIALS = (requests.READ_NETWORK, requests.TRY_NETWORK)
"""Requests of what may have ended the worker, or is not wanted any more: they are not asked for again."""

DIED = "EngineDiedError"
"""Name of the error that a request is refused with whose worker has ended by itself, twice."""


class EngineError(Exception):
    """What the engine refused or could not do: a stable name, a sentence, and a traceback where it was not foreseen.

    `reason` and `kind` choose the sentence in other languages (`core.i18n.error_text`).
    """

    def __init__(self, name, message, details="", reason="", kind=""):
        super().__init__(message)
        self.name = name
        self.message = message
        self.details = details
        self.reason = reason
        self.kind = kind
        self.is_end = False
        """Whether the worker has ended with it."""


async def cancel_quietly(worker, model):
    """Cancel the download of a model. A worker that was stopped has cancelled it already."""
    try:
        await worker.cancel_download(model)
    except EngineError:
        pass


class WorkerClient:
    """Starts the worker with the first request, and stops it when it is idle for long.

    Every method that sends a request raises `EngineError` and takes `on_progress(stage, done, total)`, which is called
    for the requests that report progress. The responses are described in `worker/main.py` and `offcut.browser`.
    """

    def __init__(self, transport, may_stop, on_blocked):
        """
        Args:
            transport: a `core.worker_transport.WorkerTransport`, or what a test has in its place.
            may_stop: called before an idle worker is stopped; returns whether nothing in it would be lost.
            on_blocked: called with a directive and an address when the policy has blocked a request of the worker.
        """
        self._transport, self._may_stop, self._on_blocked = transport, may_stop, on_blocked
        self.work_reported = Signal()
        """Emitted with (key, name) of what a person should know about saved work (`offcut.editing.works`)."""

        self.recipes_needed = Signal()
        """Emitted with whether the worker of recipes is to be started, or to be ended."""

        self.recipe_progressed = Signal()
        """Emitted with the share of its work that the running recipe has done, 0 to 1."""

        self._has_port = False  # whether the worker that starts can be talked to
        self._started = None  # a future; its identity tells this worker from the next one
        self._is_running = False
        self._responses = {}  # futures by the id of their request
        self._last_id = 0
        self.has_ended = False
        """Whether the worker before this one has ended by itself; it was stopped otherwise."""

        self._active = 0  # requests without a response
        self._idle_timeout = timing.idle_timeout
        self._no_request = asyncio.Event()  # set while no request waits for its response
        self._no_request.set()
        self._idle_since = monotonic()
        self._watch = None  # token of the current idle watch; an older watch ends when it sees another

    @property
    def is_running(self):
        """Whether the worker takes requests at once."""
        return self._is_running

    @property
    def is_idle(self):
        """Whether no request waits for its response."""
        return not self._active

    async def wait_idle(self):
        """Wait until no request waits for its response."""
        await self._no_request.wait()

    @property
    def idle_timeout(self):
        """Seconds without a request after which the worker is stopped; 0 for never."""
        return self._idle_timeout

    @idle_timeout.setter
    def idle_timeout(self, seconds):
        self._idle_timeout = seconds
        if self._is_running:
            self._watch_idle()

    async def start(self):
        """Have the worker running. However often it is called, it starts once."""
        if self._started is None:
            self._started, self._has_port = Future(), False
            spawn(self._start(self._started))
            spawn(self._watch_start(self._started))
        started = self._started
        await started.wait()
        if started is not self._started:
            raise self._stopped_error()

    def stop(self):
        """Stop the worker, which is the only way to free WebAssembly memory. The next request starts a new one."""
        self.has_ended = False
        self._end(self._stopped_error())

    def _end(self, error):
        """Have no worker any more, and refuse with this error whatever it was requested."""
        started, self._started, self._is_running = self._started, None, False
        futures, self._responses = self._responses, {}
        self._watch = None
        self._transport.stop()
        self.recipes_needed.emit(False)
        for future in [started] + list(futures.values()):
            if future:
                future.set_error(error)

    def give_up(self):
        """Stop the worker where it works only for one whose response is no longer wanted, and nothing in it is lost."""
        if self._active == 1 and self._may_stop():
            self.stop()

    def cancel(self, on_progress):
        """Give up the request with that listener. Only the end of the worker ends what it is doing; whatever else was
        requested is sent to the next one."""
        self.has_ended = False
        for future in self._responses.values():
            if future.on_progress == on_progress:
                future.set_error(self._stopped_error())
        error = self._stopped_error()
        error.is_end = True
        self._end(error)

    # The engine

    async def info(self, on_progress=None):
        """What runs, and on what."""
        return await self._request(requests.INFO, on_progress)

    async def load_model(self, model, backend, on_progress=None):
        """Load a model before the first photo needs it; None is the default model. Returns the same as `info`."""
        return await self._request(requests.LOAD_MODEL, on_progress, model, backend)

    async def remove(self, file, options, on_progress=None):
        """Cut out one file, apart from the editor."""
        return await self._request(requests.REMOVE, on_progress, file, options)

    async def list_requests(self, on_progress=None):
        """Every address that the worker has requested."""
        return await self._request(requests.LIST_REQUESTS, on_progress)

    # Models on this device

    async def list_models(self, on_progress=None):
        """The site's models, and how much of each is on this device."""
        return await self._request(requests.LIST_MODELS, on_progress)

    async def cache_model(self, model, on_progress=None):
        """Download a model for later."""
        return await self._request(requests.CACHE_MODEL, on_progress, model)

    async def pause_download(self, model=None, on_progress=None):
        """Pause the download of this model, or of all."""
        return await self._request(requests.PAUSE_DOWNLOAD, on_progress, model)

    async def resume_download(self, model=None, on_progress=None):
        """Continue the download of this model, or of all."""
        return await self._request(requests.RESUME_DOWNLOAD, on_progress, model)

    async def cancel_download(self, model=None, on_progress=None):
        """Cancel the download of this model, or of all."""
        return await self._request(requests.CANCEL_DOWNLOAD, on_progress, model)

    async def delete_model(self, model, on_progress=None):
        """Delete a model from this device."""
        return await self._request(requests.DELETE_MODEL, on_progress, model)

    # Networks of a person's own

    async def read_network(self, source, on_progress=None):
        """Read, check and describe an ONNX file, or a network that is kept, by its id."""
        return await self._request(requests.READ_NETWORK, on_progress, source)

    async def try_network(self, source, description, photo, on_progress=None):
        """Cut a small copy of a photo out with a network that is not kept."""
        return await self._request(requests.TRY_NETWORK, on_progress, source, description, photo)

    async def keep_network(self, source, description, on_progress=None):
        """Keep a network on this device, and offer it as the site's are."""
        return await self._request(requests.KEEP_NETWORK, on_progress, source, description)

    # The open photo

    async def open_photo(self, file, options, max_pixels, on_progress=None):
        """Cut a file out and open it; `finish_photo` follows."""
        return await self._request(requests.OPEN_PHOTO, on_progress, file, options, max_pixels)

    async def finish_photo(self, on_progress=None):
        """Have the opened photo ready at its full size."""
        return await self._request(requests.FINISH_PHOTO, on_progress)

    async def apply_operation(self, operation, on_progress=None):
        """Do one operation on the alpha."""
        return await self._request(requests.APPLY_OPERATION, on_progress, operation)

    async def undo(self, on_progress=None):
        """Undo the last step."""
        return await self._request(requests.UNDO, on_progress)

    async def redo(self, on_progress=None):
        """Redo the next step."""
        return await self._request(requests.REDO, on_progress)

    async def go_to_step(self, position, on_progress=None):
        """Undo or redo up to that number of steps."""
        return await self._request(requests.GO_TO_STEP, on_progress, position)

    async def start_over(self, on_progress=None):
        """Return to the network's alpha, as one more step."""
        return await self._request(requests.START_OVER, on_progress)

    async def preview_settings(self, settings, on_progress=None):
        """Try settings that may change again at once; returns a small alpha."""
        return await self._request(requests.PREVIEW_SETTINGS, on_progress, settings)

    async def set_settings(self, settings, on_progress=None):
        """Use these settings, as one more step where they are others."""
        return await self._request(requests.SET_SETTINGS, on_progress, settings)

    async def render_cutout(self, is_detail, on_progress=None):
        """The cutout with its foreground colours, whole or the last detail."""
        return await self._request(requests.RENDER_CUTOUT, on_progress, is_detail)

    async def render_composition(self, max_side, on_progress=None):
        """Background, shadow and subject, the longer side at most so long."""
        return await self._request(requests.RENDER_COMPOSITION, on_progress, max_side)

    async def render_photo(self, on_progress=None):
        """The photo and its alpha once more, as they are shown."""
        return await self._request(requests.RENDER_PHOTO, on_progress)

    async def render_detail(self, x, y, width, height, scale, on_progress=None):
        """A part of the photo, `scale` pixels for each of the photo's."""
        return await self._request(requests.RENDER_DETAIL, on_progress, x, y, width, height, scale)

    async def set_background_image(self, file, on_progress=None):
        """Use an image for the background."""
        return await self._request(requests.SET_BACKGROUND_IMAGE, on_progress, file)

    async def pick_colour(self, x, y, on_progress=None):
        """The colour of the photo at a point."""
        return await self._request(requests.PICK_COLOUR, on_progress, x, y)

    async def list_colours(self, on_progress=None):
        """The main colours of the photo."""
        return await self._request(requests.LIST_COLOURS, on_progress)

    async def spare_memory(self, on_progress=None):
        """How many bytes the worker holds that the open photo does not need."""
        return await self._request(requests.SPARE_MEMORY, on_progress)

    async def save_picture(self, options, on_progress=None):
        """The finished picture as a file."""
        return await self._request(requests.SAVE_PICTURE, on_progress, options)

    async def save_sheet(self, paper, kind, on_progress=None):
        """A sheet of paper with the finished picture on it several times, as a file."""
        return await self._request(requests.SAVE_SHEET, on_progress, paper, kind)

    async def find_alternative(self, model, backend, on_progress=None):
        """Compute the open photo's alpha with another network, unless it is known."""
        return await self._request(requests.FIND_ALTERNATIVE, on_progress, model, backend)

    async def use_alternative(self, model, is_upgrade, on_progress=None):
        """Put what a network found under everything that was done."""
        return await self._request(requests.USE_ALTERNATIVE, on_progress, model, is_upgrade)

    async def list_alternatives(self, side, on_progress=None):
        """Small pictures of what the networks found that have looked at the open photo."""
        return await self._request(requests.LIST_ALTERNATIVES, on_progress, side)

    async def read_presets(self, text, on_progress=None):
        """The presets of a file's text."""
        return await self._request(requests.READ_PRESETS, on_progress, text)

    # Work that this device has saved

    async def list_works(self, first="", on_progress=None):
        """The works that can be continued, the one with the id `first` before the others."""
        return await self._request(requests.LIST_WORKS, on_progress, first)

    async def restore_work(self, id, max_pixels, on_progress=None):
        """Open saved work."""
        return await self._request(requests.RESTORE_WORK, on_progress, id, max_pixels)

    async def discard_work(self, id, on_progress=None):
        """Delete saved work; the photo is closed if it is open."""
        return await self._request(requests.DISCARD_WORK, on_progress, id)

    # Batches of photos

    async def process_photo(self, batch, photo, file, name, look, options, on_progress=None):
        """Cut out one photo of a batch with a look, and keep the result; None as the file is the kept one."""
        return await self._request(requests.PROCESS_PHOTO, on_progress, batch, photo, file, name, look, options)

    async def return_photo(self, batch, photo, options, on_progress=None):
        """Keep the open photo as it is now as the result of a photo of a batch, and close it."""
        return await self._request(requests.RETURN_PHOTO, on_progress, batch, photo, options)

    async def keep_photo(self, batch, photo, file, on_progress=None):
        """Keep a copy of a photo, so that the batch survives a reload."""
        return await self._request(requests.KEEP_PHOTO, on_progress, batch, photo, file)

    async def photo_file(self, batch, photo, on_progress=None):
        """The copy of a photo."""
        return await self._request(requests.PHOTO_FILE, on_progress, batch, photo)

    async def result_file(self, batch, photo, on_progress=None):
        """The result of a photo."""
        return await self._request(requests.RESULT_FILE, on_progress, batch, photo)

    async def drop_photo(self, batch, photo, on_progress=None):
        """Delete what is kept of a photo."""
        return await self._request(requests.DROP_PHOTO, on_progress, batch, photo)

    async def write_zip(self, batch, names, on_progress=None):
        """Put results into a ZIP file; `names` are pairs of a photo and the name of its result."""
        return await self._request(requests.WRITE_ZIP, on_progress, batch, names)

    async def keep_batch(self, batch, state, on_progress=None):
        """Keep the list of a batch, a text."""
        return await self._request(requests.KEEP_BATCH, on_progress, batch, state)

    async def list_batches(self, on_progress=None):
        """The batches that this device keeps and no other tab has open."""
        return await self._request(requests.LIST_BATCHES, on_progress)

    async def restore_batch(self, batch, on_progress=None):
        """The list of a kept batch, and what is there of its photos."""
        return await self._request(requests.RESTORE_BATCH, on_progress, batch)

    async def keep_folder(self, batch, folder, on_progress=None):
        """Keep the folder into which the results of a batch are written."""
        return await self._request(requests.KEEP_FOLDER, on_progress, batch, folder)

    async def kept_folder(self, batch, on_progress=None):
        """The folder that is kept for a batch, or null."""
        return await self._request(requests.KEPT_FOLDER, on_progress, batch)

    async def discard_batch(self, batch, on_progress=None):
        """Delete a batch with everything in it."""
        return await self._request(requests.DISCARD_BATCH, on_progress, batch)

    async def _start(self, started):
        try:
            site, touch_points = await self._transport.start(self._receive)
            self._has_port = True
            if started is self._started:
                await self._send(requests.START, None, site, touch_points)
        except EngineError as error:
            self._fail_start(started, error)
        except Exception as error:
            detail = _text(error)
            fault = await self._transport.diagnose()
            name = "SiteFileError" if fault else "EngineStartError"
            message = fault or t("error.EngineStartError", detail=last_line(detail))
            self._fail_start(started, EngineError(name, message, detail))
        else:
            started.set_result(None)
            if started is self._started:
                self._is_running = True
                self._idle_since = monotonic()
                self._watch_idle()

    async def _watch_start(self, started):
        """Give a worker up that shows no sign of life while it starts: neither a byte that arrives nor its port."""
        arrived, since = None, monotonic()
        while not started.is_done and started is self._started and not self._has_port:
            if arrived != self._transport.arrived():
                arrived, since = self._transport.arrived(), monotonic()
            elif monotonic() - since >= timing.start_timeout:
                detail = f"no sign of life in {timing.start_timeout} s"
                self._on_ended("EngineStartError", t("error.EngineStartError", detail=detail))
            await asyncio.sleep(timing.start_check)

    def _fail_start(self, started, error):
        """Stop the worker that could not start: the next request tries again with a new one."""
        started.set_error(error)
        if started is self._started:
            if error.details:
                log.error("The worker did not start", cause=error)
            self.stop()

    async def _request(self, request, on_progress, *arguments):
        self._active += 1  # from here on, so that a worker that has just started is not taken for an idle one
        self._no_request.clear()
        try:
            return await self._send_again(request, on_progress, *arguments)
        finally:
            self._active -= 1
            if self.is_idle:
                self._idle_since = monotonic()
                self._no_request.set()

    async def _send_again(self, request, on_progress, *arguments):
        """Send a request, and once more to another worker where the first one has ended by itself.

        What the first one had open, the other has not: see `RequestQueue.recover_with`.
        """
        try:
            await self.start()
            return await self._send(request, on_progress, *arguments)
        except EngineError as error:
            if not error.is_end or request in TRIALS:
                raise
        await self.start()
        return await self._send(request, on_progress, *arguments)

    async def _send(self, request, on_progress, *arguments):
        self._last_id += 1
        request_id, future = self._last_id, Future(on_progress)
        self._responses[request_id] = future
        try:
            await self._transport.send(request_id, request.name, arguments)
        except Exception as error:  # such as an option that cannot be cloned
            self._fail(request_id, _text(error))
        return await future.wait()

    def _receive(self, kind, *values):
        """Take one of the worker's messages. A response whose request is forgotten is ignored."""
        if kind == messages.ANSWER:
            request_id, response = values
            future = self._responses.pop(request_id, None)
            if future:
                future.set_result(response)
        elif kind == messages.PROGRESS:
            request_id, stage, done, total = values
            future = self._responses.get(request_id)
            if future and future.on_progress:
                future.on_progress(stage, done, total)
        elif kind == messages.ERROR:
            request_id, name, message, details, reason, kind = values
            if name == messages.INTERNAL_ERROR:
                # The error may have left the worker broken, or be of a worker that is just being ended.
                if self._fail(request_id, details, is_end=True):
                    self._on_ended(DIED)
            elif request_id in self._responses:
                self._responses.pop(request_id).set_error(EngineError(name, message, "", reason, kind))
        elif kind == messages.ENDED:
            self._on_ended(*values)
        elif kind == messages.BLOCKED:
            self._on_blocked(*values)
        elif kind == messages.WORK:
            self.work_reported.emit(*values)
        elif kind == messages.RECIPE_PROGRESS:
            self.recipe_progressed.emit(*values)
        elif kind == messages.RECIPES:
            self.recipes_needed.emit(*values)

    def _on_ended(self, name, message="", reason="", kind=""):
        """The worker can do nothing more. What it was requested is sent to another one."""
        if name == DIED:
            log.warning("The worker has ended: " + (message or "without a word"))
            message = t("error." + DIED)
        error = EngineError(name, message, "", reason, kind)
        error.is_end = self.has_ended = True
        self._end(error)

    def connect_recipes(self, port):
        """Hand the worker a port to the worker of recipes."""
        self._transport.connect_recipes(port, timing.recipe_limit)

    def _fail(self, id, details, is_end=False):
        """Refuse a request because of an error that was not foreseen. Returns whether it was waiting."""
        future = self._responses.pop(id, None)
        if future:
            message = t("error.InternalError", detail=last_line(details))
            error = EngineError(messages.INTERNAL_ERROR, message, details)
            error.is_end = is_end
            log.error("A request of the worker failed", cause=error)
            future.set_error(error)
        return future is not None

    def _stopped_error(self):
        return EngineError("EngineStoppedError", t("error.EngineStoppedError"))

    def _watch_idle(self):
        """Watch for the worker to be idle, instead of any watch before."""
        self._watch = object()
        if self._idle_timeout:
            spawn(self._stop_when_idle(self._watch))

    async def _stop_when_idle(self, watch):
        left = self._idle_timeout
        while True:
            await asyncio.sleep(left)
            await self._no_request.wait()
            if watch is not self._watch:
                return
            left = self._idle_timeout - (monotonic() - self._idle_since)
            if left <= 0:
                if self._may_stop():
                    self.stop()
                    return
                left = max(self._idle_timeout, timing.idle_retry)


def _text(error):
    """What an exception says; of JavaScript's errors that is the last argument, and may be a whole traceback."""
    return str(error.args[-1]) if error.args else type(error).__name__


def last_line(text: str) -> str:
    """Return the last line of a traceback that is not empty: type and message of the exception."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return lines[-1] if lines else ""
