"""One photo being edited: its colours, its alpha with all operations applied, and the settings on top."""

import json
import zlib
from dataclasses import replace
from functools import partial

import numpy as np
from PIL import Image

from offcut.codecs import Photo
from offcut.colour.spaces import convert, convert_image
from offcut.compositing import combine_alpha
from offcut.editing.alternatives import FoundAlphas
from offcut.editing.head import Head, head_of
from offcut.editing.history import Change, History, Step, Tiles
from offcut.editing.operations import Operation, View
from offcut.editing.outline import Outline, outline_of
from offcut.editing.settings import Settings
from offcut.errors import OptionError
from offcut.geometry import Box, bounding_box, union
from offcut.handover import Handover
from offcut.inference.faces import Face
from offcut.masks import edges
from offcut.pipeline import Engine, MattedPhoto, MattedPixels, Provenance
from offcut.protocol.steps import UNDERLYING, settings_step

_MIN_BACKGROUND_PIXELS = 4_000_000
"""Pixels that a background image may have however small the photo is."""

_COLOURS, _COLOUR_SIDE = 6, 128
"""How many main colours are named, and the longer side of the picture that they are looked for in."""

_UNLIKE = 48
"""Distance of two colours in 8 bits of red, green and blue from which they are not alike."""


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
        # Not a method: a document that refers to itself holds its photo until Python collects garbage.
        self._first_alpha = partial(_unpacked, self.packed_network_alpha, alpha.shape)
        self.alternatives = FoundAlphas(provenance.model, self._first_alpha)
        """What this network and others found."""

        self.history = History()
        self.settings = Settings()
        """What is rendered: those of the last step, or others that are tried meanwhile."""

        self._settled = self.settings
        self.background_image: Image.Image | None = None
        """For the background of that kind, mode RGB or RGBA, in the photo's colour space."""

        self.background_version = 0
        """The number of the background image, by which the settings name it. Used as a cache key."""

        self._last_image = 0

        self._finished: np.ndarray | None = None
        self._outline: tuple[int, Outline | None] | None = None
        self._head: tuple[int, Head | None] | None = None
        self._face: Face | None = None
        self.is_face_known = False
        """Whether a face was looked for."""

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
        """The alpha with its edges treated, uint8 ``(h, w)``. It may be `alpha` itself, where nothing changes."""
        if self._finished is None:
            self._finished = edges.apply(self.alpha, self.settings.edges)
        return self._finished

    @property
    def outline(self) -> Outline | None:
        """Where what is visible ends; None where nothing is visible."""
        if self._outline is None or self._outline[0] != self.version:
            seen = Image.fromarray(self.finished)
            own = None if self.source_alpha is None else Image.fromarray(self.source_alpha)
            self._outline = self.version, outline_of(np.asarray(combine_alpha(own, seen)))
        return self._outline[1]

    @property
    def head(self) -> Head | None:
        """Where the head of a person is; None where nothing is visible."""
        if self._head is None or self._head[0] != self.version:
            self._head = self.version, head_of(self.finished, self._face)
        return self._head[1]

    @property
    def has_face(self) -> bool:
        """Whether the subject has a face, as far as is known."""
        return self._face is not None

    def take_face(self, face: Face | None) -> None:
        """Note the subject's face, or that it has none."""
        self._face, self._head, self.is_face_known = face, None, True

    async def look_for_face(self, engine: Engine) -> None:
        """Have the engine look for the subject's face, once, where the settings fit the canvas to the head."""
        if self.settings.canvas.fit == "head" and not self.is_face_known:
            self.take_face(await engine.find_face(self.rgb, self.alpha, self.provenance.space))

    def apply(self, operation: Operation, settings: Settings | None = None) -> Box | None:
        """Apply an operation, prepared where its kind needs that, as a new step.

        Args:
            operation: what changes the alpha.
            settings: what the settings are with the same step; None where they stay.

        Returns:
            The part of `finished` that changed, None where nothing did; without other settings there is no step then.
        """
        change = operation.apply(self.view())
        if change is None:
            return None
        others = Change(self._settled, settings) if settings is not None and settings != self._settled else None
        packed = zlib.compress(json.dumps(operation.given, separators=(",", ":")).encode())
        box = self.history.record(self.alpha, *change, operation.step, packed, others)
        return self._settle(others.after, box) if others else self._refreshed(box)

    def change(self, settings: Settings, name: str | None = None) -> Box | None:
        """Change the settings as a new step; there is none where they are those of the last step.

        Args:
            settings: all of them.
            name: of the step; None to name it after what changes.

        Returns:
            The part of `finished` that changed.

        Raises:
            OptionError: the background is an image and there is none; nothing has changed then.
        """
        settings = self._with_image(settings)
        if settings != self._settled:
            name = name or settings_step(self._settled.plain(), settings.plain())
            self.history.record_change(name, Change(self._settled, settings))
        return self._settle(settings, None)

    def view(self) -> View:
        """Return what an operation is applied to."""
        return View(
            self.rgb, self.alpha, self.network_alpha, self.alternatives, self.provenance.space, self.source_alpha
        )

    def goto(self, position: int) -> Box | None:
        """Undo or redo to that number of steps. Returns the part of `finished` that changed.

        The background image of `settings_at` has to be taken before.
        """
        settings = self.settings_at(position)
        return self._settle(settings, self.history.goto(self.alpha, position))

    def settings_at(self, position: int) -> Settings:
        """Return the settings with that number of steps in effect."""
        return self.history.settings_at(position, self._settled)

    @property
    def settled(self) -> Settings:
        """The settings of the last step in effect; `settings` may be others, which are only tried."""
        return self._settled

    @property
    def images(self) -> set[int]:
        """The numbers of the background images that a step or the settings use."""
        changes = [step.change for step in self.history.steps if step.change]
        used = [self._settled, *(change.before for change in changes), *(change.after for change in changes)]
        return {settings.background.image for settings in used if settings.background.kind == "image"}

    @property
    def underlying(self) -> int:
        """How many of the steps in effect are alphas of other networks, under everything that was done since."""
        names = [step.name for step in self.history.steps[: self.history.position]]
        return next((at for at, name in enumerate(names) if name not in UNDERLYING), len(names))

    @property
    def network(self) -> str:
        """The id of the network whose alpha lies under what was done since."""
        count = self.underlying
        return str(self.history.steps[count - 1].given["model"]) if count else self.provenance.model

    def network_alpha(self) -> np.ndarray:
        """Return this network's alpha, uint8 ``(h, w)``."""
        count = self.underlying
        return self.history.as_after(self.alpha, count) if count else self._first_alpha()

    def colour_at(self, x: float, y: float) -> str:
        """Return the photo's colour at a place as ``"#rrggbb"``, in sRGB; beyond it, that of the nearest pixel."""
        column, row = (int(min(max(at, 0), side - 1)) for at, side in zip((x, y), self.size, strict=True))
        seen = convert(self.rgb[row : row + 1, column : column + 1], self.provenance.space, None)
        return "#" + bytes(seen[0, 0]).hex()

    def main_colours(self) -> list[str]:
        """Return the photo's main colours as ``"#rrggbb"``, in sRGB, that of most pixels first; none like another."""
        step = max(1, max(self.size) // _COLOUR_SIDE)
        seen = Image.fromarray(convert(np.ascontiguousarray(self.rgb[::step, ::step]), self.provenance.space, None))
        palette = seen.quantize(2 * _COLOURS, Image.Quantize.MEDIANCUT).convert("RGB")
        found: list[np.ndarray] = []
        colours, counts = np.unique(np.asarray(palette).reshape(-1, 3), axis=0, return_counts=True)
        for colour in colours[np.argsort(-counts, kind="stable")]:
            if all(np.linalg.norm(colour.astype(float) - other) >= _UNLIKE for other in found):
                found.append(colour)
        return ["#" + bytes(colour).hex() for colour in found[:_COLOURS]]

    def take_background(self, photo: Photo, number: int | None = None) -> int:
        """Set the image for the background of that kind, in this photo's colour space. `photo` is not changed.

        Args:
            photo: the image.
            number: of an image that was taken before; None for a new one.

        Returns:
            Its number.
        """
        image = photo.image
        if photo.alpha:
            image = image.copy()
            image.putalpha(photo.alpha)
        # More pixels than the photo has are seen only where the canvas is larger than the photo.
        scale = (max(self.alpha.size, _MIN_BACKGROUND_PIXELS) / (image.width * image.height)) ** 0.5
        if scale < 1:
            size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
            image = image.resize(size, Image.Resampling.BOX)
        self.background_image = convert_image(image, photo.space, self.provenance.space)
        self.background_version = number or self._last_image + 1
        self._last_image = max(self._last_image, self.background_version)
        return self.background_version

    def set(self, settings: Settings) -> None:
        """Try settings without a step. The alpha is treated when `finished` is asked for.

        Raises:
            OptionError: the background is an image and there is none; nothing has changed then.
        """
        settings = self._with_image(settings)
        if not edges.same_shape(self.settings.edges, settings.edges):
            self._finished = None
            self.version += 1
        self.settings = settings

    def begin_with(self, settings: Settings) -> None:
        """Set what the settings are before the first step. Raises what `set` does."""
        self.set(settings)
        self._settled = self.settings

    def restore(self, steps: list[Step], position: int, dropped: int, forgotten: Tiles, settings: Settings) -> None:
        """Go on where a saved document of the same photo and the same network's alpha was left (`History.restore`)."""
        self.history.restore(steps, position, dropped, forgotten, self.alpha)
        self._last_image = max({self._last_image, *self.images})
        self._finished = None
        self.version += 1
        self.begin_with(settings)

    def _with_image(self, settings: Settings) -> Settings:
        """Name the background image that there is, where the settings want one and do not name it."""
        background = settings.background
        if background.kind != "image":
            return settings
        if self.background_image is None or background.image not in (0, self.background_version):
            raise OptionError("There is no background image yet. Choose one first.")
        number = background.image or self.background_version
        return replace(settings, background=replace(background, image=number))

    def _settle(self, settings: Settings, box: Box | None) -> Box | None:
        """Have these settings for good; `box` of the alpha has changed. Returns the part of `finished` that changed."""
        is_reshaped = not edges.same_shape(self.settings.edges, settings.edges)
        self.begin_with(settings)
        box = self._refreshed(box)
        return Box.of_size(*self.size) if is_reshaped else box

    def _refreshed(self, box: Box | None) -> Box | None:
        """Treat the edges around a part of the alpha that changed. Returns the part of `finished` that changed."""
        if box is None:
            return None
        self.version += 1
        around = box.grown(edges.reach(self.settings.edges, self.alpha.shape)).within(*self.alpha.shape)
        if self._finished is None:
            return around
        part = edges.apply(self.alpha, self.settings.edges, around)
        changed = bounding_box(part != self._finished[around.slices])
        if self._finished is self.alpha and changed:
            self._finished = self.alpha.copy()
        if self._finished is not self.alpha:
            self._finished[around.slices] = part
        return union([box, changed.moved(around.top, around.left)]) if changed else box


def _unpacked(packed: bytes, shape: tuple[int, int]) -> np.ndarray:
    """Return the alpha that a document began with, uint8 of that shape."""
    return np.frombuffer(zlib.decompress(packed), np.uint8).reshape(shape)
