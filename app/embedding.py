"""Pages that have this one in a frame send photos and get cutouts (docs/embedding.md, docs/decisions/0102)."""

from core.errors import internal_error
from core.log import log
from core.tasks import spawn
from core.worker_client import EngineError

ANY = "*"
"""Stands for every origin."""


class FrameRequests:
    """Answers the messages of the page around this one."""

    def __init__(self, remove, post, origins):
        """
        Args:
            remove: coroutine function of a photo, options and `on_progress(stage, done, total)`.
            post: `post(fields, origin)` sends a message to the page around this one, if it is of that origin.
            origins: those whose pages are answered; `ANY` among them for all.
        """
        self._remove, self._post, self._origins = remove, post, origins

    def announce(self):
        """Say that photos can be sent."""
        self._post({"offcut": "ready"}, ANY)

    def announce_failure(self, error):
        """Say that the engine cannot start."""
        self._post({"offcut": "failed", "name": error.name, "message": error.message}, ANY)

    def receive(self, data, origin):
        """Take a message of the page around this one. Others than requests are ignored."""
        if getattr(data, "offcut", None) != "remove":
            return
        number = getattr(data, "id", None)
        if origin == "null" or not (ANY in self._origins or origin in self._origins):
            log.warning(f"A page of {origin} may not use this copy of Offcut")
            if origin != "null":
                self._refuse(
                    number, origin, EngineError("OriginError", f"This copy of Offcut does not serve {origin}.")
                )
            return
        spawn(self._answer(number, getattr(data, "image", None), getattr(data, "options", None), origin))

    async def _answer(self, id, image, options, origin):
        def on_progress(stage, done, total):
            fields = {"offcut": "progress", "id": id, "stage": stage, "loaded": done, "total": total}
            self._post(fields, origin)

        try:
            blob = await self._remove(image, options, on_progress)
        except EngineError as error:
            self._refuse(id, origin, error)
        except Exception as error:  # any: the page around this one gets it as an answer
            log.error("A request of the page around this one failed", cause=error)
            self._refuse(id, origin, internal_error(error))
        else:
            self._post({"offcut": "result", "id": id, "result": blob}, origin)

    def _refuse(self, id, origin, error):
        fields = {"offcut": "error", "id": id, "name": error.name, "message": error.message}
        self._post(fields, origin)
