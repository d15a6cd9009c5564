"""One photo being edited: its colours, its alpha with all operations applied, and the settings on top."""

import json
import zlib

import numpy as np
from PIL import Image

from offcut.codecs import Photo
from offcut.compositing import combine_alpha
from offcut.editing.history import History, Step, Tiles
from offcut.editing.operations import Operation, View
from offcut.editing.outline import Outline, outline_of
from offcut.editing.settings import Settings
from offcut.errors import OptionError
from offcut.geometry import Box
from offcut.handover import Handover
from offcut.masks import morphology
from offcut.pipeline import MattedPhoto, MattedPixels, Provenance
from offcut.protocol.steps import UPGRADE

_MIN_BACKGROUND_PIXELS = 4_000_000
"""Pixels that a background image may have however small the photo is."""


class Document:
    """Holds each array once, in 8 bits: colours (3 bytes a pixel), alpha (1), and its treated edges (1, if any)."""

    def __init__(
        self, rgb: np.ndarray, source_alpha: np.ndarray | None, alpha: np.ndarray, provenance: Provenance
    ) -> None:
        """Begin with what a network found.

        Args:
            rgb: the photo, uint8 ``(h, w, 3)``; not copied.
            source_alpha: the file's own transparency, uint8 ``(h, w)``, or None.
            alpha: the network's, uint8 ``(h, w)``, 0 to 255; not copied, and written to.
            provenance: everything else about photo and alpha.
        """
        self.rgb = rgb
        self.source_alpha = source_alpha
        self.alpha = alpha
        self.provenance = provenance
        self.packed_network_alpha = zlib.compress(alpha.data, 1)
        self.history = History()
        self.settings = Settings()
        self.background_image: Image.Image | None = None
        """For the background of that kind, mode RGB or RGBA."""

        self.background_version = 0
        """Incremented with every background image. Used as a cache key."""

        self._finished: np.ndarray | None = alpha
        self._outline: tuple[int, Outline | None] | None = None
        self.version = 0
        """Incremented whenever `finished` may have changed. Used as a cache key."""

    @classmethod
    def of(cls, matted: Handover[MattedPhoto]) -> "Document":
        """Begin with a photo and its alpha. Takes the photo."""
        pixels = MattedPixels.of(matted)
        return cls(pixels.rgb, pixels.source_alpha, pixels.alpha, pixels.provenance)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.alpha.shape[1], self.alpha.shape[0]

    @property
    def finished(self) -> np.ndarray:
        """The alpha with its edges treated, uint8 ``(h, w)``. The same array as `alpha` if none are to be treated."""
        if self._finished is None:
            edges = self.settings.edges
            self._finished = self.alpha if morphology.is_neutral(edges) else morphology.apply(self.alpha, edges)
        return self._finished

    @property
    def outline(self) -> Outline | None:
        """Where what is visible ends; None where nothing is visible."""
        if self._outline is None or self._outline[0] != self.version:
            seen = Image.fromarray(self.finished)
            own = None if self.source_alpha is None else Image.fromarray(self.source_alpha)
            self._outline = self.version, outline_of(np.asarray(combine_alpha(own, seen)))
        return self._outline[1]

    def apply(self, operation: Operation) -> Box | None:
        """Apply an operation, prepared where its kind needs that, as a new step.

        Returns:
            The part of `finished` that changed; None, and no step, where nothing did.
        """
        change = operation.apply(self.view())
        if change is None:
            return None
        packed = zlib.compress(json.dumps(operation.given, separators=(",", ":")).encode())
        return self._refreshed(self.history.record(self.alpha, *change, operation.step, packed))

    def view(self) -> View:
        """Return what an operation is applied to."""
        return View(self.rgb, self.alpha, self.network_alpha)

    def goto(self, position: int) -> Box | None:
        """Undo or redo to that number of steps. Returns the part of `finished` that changed."""
        return self._refreshed(self.history.goto(self.alpha, position))

    def network_alpha(self) -> np.ndarray:
        """Return the network's alpha, or that of the upgrade which took its place: uint8 ``(h, w)``."""
        history = self.history
        if history.position and history.steps[0].name == UPGRADE:
            return history.as_after(self.alpha, 1)
        return np.frombuffer(zlib.decompress(self.packed_network_alpha), np.uint8).reshape(self.alpha.shape)

    def colour_at(self, x: float, y: float) -> str:
        """Return the photo's colour at a place as ``"#rrggbb"``; beyond the photo, that of the nearest pixel."""
        column, row = (int(min(max(at, 0), side - 1)) for at, side in zip((x, y), self.size, strict=True))
        return "#" + bytes(self.rgb[row, column]).hex()

    def take_background(self, photo: Photo) -> None:
        """Set the image for the background of that kind. The photo is not changed."""
        image = photo.image
        if photo.alpha:
            image = image.copy()
            image.putalpha(photo.alpha)
        # More pixels than the photo has are seen only where the canvas is larger than the photo.
        scale = (max(self.alpha.size, _MIN_BACKGROUND_PIXELS) / (image.width * image.height)) ** 0.5
        if scale < 1:
            size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
            image = image.resize(size, Image.Resampling.BOX)
        self.background_image = image
        self.background_version += 1

    def set(self, settings: Settings) -> None:
        """Change the settings. The alpha is treated when `finished` is asked for.

        Raises:
            OptionError: the background is an image and there is none; nothing has changed then.
        """
        if settings.background.kind == "image" and self.background_image is None:
            raise OptionError("There is no background image yet. Choose one first.")
        if not morphology.same_shape(self.settings.edges, settings.edges):
            self._finished = None
            self.version += 1
        self.settings = settings

    def restore(self, steps: list[Step], position: int, dropped: int, forgotten: Tiles, settings: Settings) -> None:
        """Go on where a saved document of the same photo and the same network's alpha was left (`History.restore`)."""
        self.history.restore(steps, position, dropped, forgotten, self.alpha)
        self._finished = None
        self.version += 1
        self.set(settings)

    def _refreshed(self, box: Box | None) -> Box | None:
        """Treat the edges around a part of the alpha that changed. Returns the part of `finished` that changed."""
        edges = self.settings.edges
        if box is None:
            return None
        self.version += 1
        if morphology.is_neutral(edges):
            return box
        box = box.grown(morphology.reach(edges)).within(*self.alpha.shape)
        if self._finished is not None:
            self._finished[box.slices] = morphology.apply(self.alpha, edges, box)
        return box
