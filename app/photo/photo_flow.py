"""The way of a photo through the page: it is cut out and the editor gets it, unless a newer one overtakes it."""

import asyncio

import js
from core.bitmaps import close_bitmaps
from core.worker_client import EngineError
from pyscript.ffi import to_js


class PhotoFlow:
    """One photo is on the page, and one may be on its way. Only the newest one may change the page."""

    def __init__(self, engine, desk, stage, progress, tell):
        """`tell(stage, done, total)` hears of the progress of every photo, overtaken ones too.

        `on_begin()`, `on_refused(error)` and, awaited, `options()` and `on_done(answer, file, others)` are to be set.
        """
        self._engine, self._desk, self._stage, self._progress, self._tell = engine, desk, stage, progress, tell
        self._latest = 0  # counts the photos
        self._turn = asyncio.Lock()
        self._overtaken = None  # the worker's photo and its file, where a newer one was chosen before it was shown
        self.last = None
        """The file of the photo on the page."""

        self.coming = None
        """The file of the one on its way, None while there is none."""

    async def take(self, file, others=0):
        """Cut out a file; so many `others` came with it and are left."""
        mine = self._begin()
        self.coming = file
        self._stage.open(file)
        self.on_begin()

        def listener(name, done, total):
            self._tell(name, done, total)
            if mine == self._latest:
                self._progress.show(name, done, total)

        async def opened():
            return await self._open(file, listener), file

        answer = await self._bring(mine, opened)
        await asyncio.sleep(0)  # it is seen before it is told of
        if answer and mine == self._latest:
            await self.on_done(answer, file, others)

    async def resume(self):
        """Go on with the work that this device has kept. Whether that is now on the page."""
        mine = self._begin()
        self._stage.resume()
        self._progress.show("decode")

        async def opened():
            answer = await self._engine.restore_work(self._desk.viewer.pixels, self._progress.show)
            return answer, js.File.new(to_js([answer.file]), answer.name or "photo")

        return await self._bring(mine, opened) is not None

    async def _bring(self, mine, opened):
        """Have the worker open a photo, and show it if there is no newer one: `opened()` gives the answer and the file.

        One after the other, in the order of choosing: the worker would open first what is read sooner, and what it opens last
        is what is edited and saved. Gives the answer, None where it is not shown.
        """
        requests = self._desk.requests
        requests.pause()
        try:
            async with self._turn:
                await requests.wait_idle()
                answer, file = await opened()
                if mine != self._latest:
                    self._keep_aside(answer, file)
                    return None
                self._show(answer, file)
                return answer
        except EngineError as error:
            if mine == self._latest:
                self._refuse(error)
            return None
        finally:
            requests.resume()

    async def _open(self, file, listener=None):
        options = await self.options()
        return await self._engine.open_photo(file, options, self._desk.viewer.pixels, listener)

    def _begin(self):
        self._latest += 1
        return self._latest

    def _keep_aside(self, answer, file):
        if self._overtaken:
            close_bitmaps(self._overtaken[0])
        self._overtaken = answer, file

    def _show(self, answer, file):
        if self._overtaken and self._overtaken[0] is not answer:
            close_bitmaps(self._overtaken[0])
        self.last, self.coming, self._overtaken = file, None, None
        self._progress.hide()
        self._stage.finish()
        self._desk.open(answer, file.name, lambda: self._open(file))

    def _refuse(self, error):
        """The newest photo cannot be had: back to the one that the worker still has open."""
        self.coming = None
        self._progress.hide()
        self._stage.abandon()
        if self._overtaken:
            self._show(*self._overtaken)
        self.on_refused(error)
