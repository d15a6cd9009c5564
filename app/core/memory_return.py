"""Replaces a worker that holds much more memory than the open photo needs: WebAssembly memory never shrinks."""

import asyncio

from core.tasks import spawn
from core.timing import timing
from core.worker_client import EngineError

SPARE_BYTES = 300_000_000
"""Replacing the worker takes some seconds of the processor, which less memory is not worth."""


class MemoryReturn:
    """Looks at the worker's memory when the page has been idle for a while, and replaces it with the photo in it."""

    def __init__(self, worker, queue, may_replace, reopen) -> None:
        """
        Args:
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            may_replace: returns whether nothing would be lost: whatever is open is kept on this device, and nothing is
                left to do.
            reopen: has the next worker start, with what is open, before a person asks for something.
        """
        self._worker, self._may_replace, self._reopen = worker, may_replace, reopen
        self._is_done = False  # once for each photo: what is spare right after that stays
        self._turn = 0  # counts the changes between busy and idle: who waits sees that it is another time
        queue.idle_changed.connect(self._on_idle)

    def photo_shown(self) -> None:
        """Another photo is open, so that what the one before it needed may be spare."""
        self._is_done = False

    def batch_over(self) -> None:
        """Nothing is left to do in the batch, or it is closed, so that what its photos needed may be spare."""
        self._is_done = False
        self._on_idle(True)

    def _on_idle(self, is_idle) -> None:
        self._turn += 1
        if is_idle:
            spawn(self._look_later(self._turn))

    async def _look_later(self, turn) -> None:
        await asyncio.sleep(timing.memory_pause)
        worker = self._worker
        await worker.wait_idle()  # what was left out of a batch is still being finished
        if self._is_done or not self._is_still(turn):
            return
        try:
            spare = (await worker.spare_memory()).bytes
        except EngineError:
            return  # it has ended by itself
        if spare < SPARE_BYTES or not self._is_still(turn):
            return
        self._is_done = True
        worker.stop()
        self._reopen()

    def _is_still(self, turn) -> bool:
        return turn == self._turn and self._worker.is_running and self._worker.is_idle and self._may_replace()
