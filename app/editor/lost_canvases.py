"""Canvases that the system has emptied: their pictures are requested from the worker again."""

from core.timing import timing


class LostCanvases:
    """A view's canvases lose what is on them when the GPU's process ends, and, without any event, on phones that need
    memory while another app is in front. The worker has the photo and its mask, as they will be saved."""

    def __init__(self, viewer, worker, queue, now):
        """
        Args:
            viewer: the `Viewer`.
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            now: function that returns seconds.
        """
        self._viewer, self._worker, self._queue, self._now = viewer, worker, queue, now
        self._hidden_at = None

    def restore(self):
        """Fill the canvases again. Several that are lost at the same time are filled once."""
        if self._viewer.layers.whole:
            self._queue.submit_latest(self._worker.render_photo, on_success=self._on_photo, quiet=True)

    def hide(self):
        """The page is out of sight."""
        if self._hidden_at is None:
            self._hidden_at = self._now()

    def show(self):
        """The page is seen again."""
        hidden_at, self._hidden_at = self._hidden_at, None
        if hidden_at is None:
            return
        self._viewer.request()
        if self._now() - hidden_at >= timing.away:
            self.restore()

    def _on_photo(self, response):
        self._viewer.renew(response)
        self._viewer.settle_later()
