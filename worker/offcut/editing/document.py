"""One photo being edited: its colours, its alpha with all operations applied, and the settings on top."""

import json
import zlib

import numpy as np
from PIL import Image

from offcut.codecs import Photo
from offcut.editing.history import History, Step
from offcut.editing.operations import Change, Operation, View, kind_of
from offcut.editing.settings import Settings
from offcut.errors import OptionError
from offcut.geometry import Box
from offcut.handover import Handover
from offcut.masks import morphology
from offcut.pipeline import MattedPhoto, MattedPixels, Provenance
from offcut.protocol.steps import UPGRADE, step_name

_LEAST_IMAGE = 4_000_000
"""Pixels that a background image may have however small the photo is."""


class Document:
    """Holds each thing once, in 8 bits: colours (3 bytes a pixel), alpha (1), and its treated edges (1, where there are any)."""

    def __init__(self, rgb: np.ndarray, source_alpha: np.ndarray | None, alpha: np.ndarray, origin: Provenance) -> None:
        """Begin with what a network found.

        Args:
            rgb: the photo, uint8 ``(h, w, 3)``; kept, not copied.
            source_alpha: the file's own transparency, uint8 ``(h, w)``, or None.
            alpha: the network's, uint8 ``(h, w)``, 0 to 255; kept and written to.
            origin: what else is known of the two.
        """
        self.rgb = rgb
        self.source_alpha = source_alpha
        self.alpha = alpha
        self.origin = origin
        self.network = zlib.compress(alpha, 1)
        self.history = History()
        self.settings = Settings()
        self.background_image: Image.Image | None = None
        """For the background of that kind, mode RGB or RGBA."""

        self.backgrounds = 0
        """How many images there were for it."""

        self._finished: np.ndarray | None = alpha
        self.version = 0
        """Another number whenever `finished` is, or may be, another."""

    @classmethod
    def of(cls, matted: Handover[MattedPhoto]) -> "Document":
        """Begin with a photo and what a network found in it."""
        pixels = MattedPixels.of(matted)
        return cls(pixels.rgb, pixels.source_alpha, pixels.alpha, pixels.origin)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.alpha.shape[1], self.alpha.shape[0]

    @property
    def finished(self) -> np.ndarray:
        """The alpha with its edges treated, uint8 ``(h, w)``. The same array as `alpha` where nothing is to be done."""
        if self._finished is None:
            treated = self.settings.edges
            self._finished = self.alpha if morphology.is_neutral(treated) else morphology.apply(self.alpha, treated)
        return self._finished

    def apply(self, operation: Operation, found: Change | None = None) -> Box | None:
        """Do one operation. Gives the part of `finished` that changed; None, and no step, where nothing did.

        Args:
            operation: see `offcut.editing.operations`.
            found: what a network found for it, where its kind needs one.

        Raises:
            OptionError: it makes no sense; nothing has changed then.
        """
        kind = kind_of(operation)
        change = kind.change(self.view(found), operation)
        if change is None:
            return None
        packed = zlib.compress(json.dumps(operation, separators=(",", ":")).encode())
        return self._refreshed(self.history.record(self.alpha, *change, step_name(operation), packed))

    def view(self, found: Change | None = None) -> View:
        """What an operation may look at."""
        return View(self.rgb, self.alpha, self.network_alpha, found)

    def goto(self, position: int) -> Box | None:
        """Undo or redo to that number of steps. Gives the part of `finished` that changed."""
        return self._refreshed(self.history.goto(self.alpha, position))

    def network_alpha(self) -> np.ndarray:
        """The network's alpha as it was in the beginning, or since a finer one took its place: uint8 ``(h, w)``."""
        history = self.history
        if history.position and history.steps[0].name == UPGRADE:
            return history.as_after(self.alpha, 1)
        return np.frombuffer(zlib.decompress(self.network), np.uint8).reshape(self.alpha.shape)

    def take_background(self, photo: Photo) -> None:
        """Have an image for the background of that kind."""
        image = photo.image
        if photo.alpha:
            image.putalpha(photo.alpha)
        # More pixels than the photo has are seen only where the canvas is larger than it.
        scale = (max(self.alpha.size, _LEAST_IMAGE) / (image.width * image.height)) ** 0.5
        if scale < 1:
            size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
            image = image.resize(size, Image.Resampling.BOX)
        self.background_image = image
        self.backgrounds += 1

    def set(self, settings: Settings) -> None:
        """Take other settings. What they make of the alpha is found when it is asked for.

        Raises:
            OptionError: the background is an image that was never given; nothing has changed then.
        """
        if settings.background.kind == "image" and self.background_image is None:
            raise OptionError("There is no background image yet. Choose one first.")
        if not morphology.same_shape(self.settings.edges, settings.edges):
            self._finished = None
            self.version += 1
        self.settings = settings

    def restore(self, steps: list[Step], position: int, dropped: int, forgotten: dict, settings: Settings) -> None:
        """Go on where an earlier document of the same photo and the same network's alpha was left."""
        self.history.restore(steps, position, dropped, forgotten, self.alpha)
        self._finished = None
        self.version += 1
        self.set(settings)

    def _refreshed(self, box: Box | None) -> Box | None:
        treated = self.settings.edges
        if box is None:
            return None
        self.version += 1
        if morphology.is_neutral(treated):
            return box
        box = box.grown(morphology.reach(treated)).within(*self.alpha.shape)
        if self._finished is not None:
            self._finished[box.slices] = morphology.apply(self.alpha, treated, box)
        return box
