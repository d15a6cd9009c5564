"""`offcut.remove` and `offcut.AsyncEngine`: photos in any form in, and the same form out."""

import asyncio
import functools
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Literal, TypeAlias, TypeVar, Unpack, overload

import numpy as np
from PIL import Image

from offcut.alternatives.removal import Alternatives
from offcut.conversions import Source, is_file, name_of, read
from offcut.native import RemovalSession, make_file, make_picture, new_session
from offcut.pipeline import MattedPixels
from offcut.progress import Progress, StageTimer, no_progress
from offcut.protocol.settings import BORDER_COLOUR, EDGES
from offcut.recipes import Recipe
from offcut.request import DEFAULTS, Arguments, Colour, OwnArguments, read_request

Made: TypeAlias = bytes | Image.Image | np.ndarray
"""The bytes of a file, an image or an array."""

Pixels = TypeVar("Pixels", Image.Image, np.ndarray)
"""What comes back as it was given."""


@overload
def remove(  # type: ignore[overload-overlap]
    data: Pixels,
    alpha_matting: bool = ...,
    alpha_matting_foreground_threshold: int = ...,
    alpha_matting_background_threshold: int = ...,
    alpha_matting_erode_size: int = ...,
    session: RemovalSession | None = ...,
    only_mask: bool = ...,
    post_process_mask: bool = ...,
    decontaminate: bool | None = ...,
    vitmatte: bool = ...,
    vitmatte_model: str | None = ...,
    bgcolor: Colour | None = ...,
    force_return_bytes: Literal[False] = ...,
    *,
    models: str | os.PathLike[str] | None = ...,
    alternatives: Literal[False] = ...,
    progress: Progress = ...,
    **own: Unpack[OwnArguments],
) -> Pixels: ...


@overload
def remove(
    data: Source,
    alpha_matting: bool = ...,
    alpha_matting_foreground_threshold: int = ...,
    alpha_matting_background_threshold: int = ...,
    alpha_matting_erode_size: int = ...,
    session: RemovalSession | None = ...,
    only_mask: bool = ...,
    post_process_mask: bool = ...,
    decontaminate: bool | None = ...,
    vitmatte: bool = ...,
    vitmatte_model: str | None = ...,
    bgcolor: Colour | None = ...,
    force_return_bytes: bool = ...,
    *,
    models: str | os.PathLike[str] | None = ...,
    alternatives: Literal[False] = ...,
    progress: Progress = ...,
    **own: Unpack[OwnArguments],
) -> bytes: ...


@overload
def remove(  # type: ignore[overload-overlap]
    data: Pixels,
    alpha_matting: bool = ...,
    alpha_matting_foreground_threshold: int = ...,
    alpha_matting_background_threshold: int = ...,
    alpha_matting_erode_size: int = ...,
    session: RemovalSession | None = ...,
    only_mask: bool = ...,
    post_process_mask: bool = ...,
    decontaminate: bool | None = ...,
    vitmatte: bool = ...,
    vitmatte_model: str | None = ...,
    bgcolor: Colour | None = ...,
    force_return_bytes: Literal[False] = ...,
    *,
    models: str | os.PathLike[str] | None = ...,
    alternatives: Literal[True],
    progress: Progress = ...,
    **own: Unpack[OwnArguments],
) -> Alternatives[Pixels]: ...


@overload
def remove(
    data: Source,
    alpha_matting: bool = ...,
    alpha_matting_foreground_threshold: int = ...,
    alpha_matting_background_threshold: int = ...,
    alpha_matting_erode_size: int = ...,
    session: RemovalSession | None = ...,
    only_mask: bool = ...,
    post_process_mask: bool = ...,
    decontaminate: bool | None = ...,
    vitmatte: bool = ...,
    vitmatte_model: str | None = ...,
    bgcolor: Colour | None = ...,
    force_return_bytes: bool = ...,
    *,
    models: str | os.PathLike[str] | None = ...,
    alternatives: Literal[True],
    progress: Progress = ...,
    **own: Unpack[OwnArguments],
) -> Alternatives[bytes]: ...


def remove(
    data: Source,
    alpha_matting: bool = False,
    alpha_matting_foreground_threshold: int = 240,
    alpha_matting_background_threshold: int = 10,
    alpha_matting_erode_size: int = 10,
    session: RemovalSession | None = None,
    only_mask: bool = False,
    post_process_mask: bool = False,
    decontaminate: bool | None = None,
    vitmatte: bool = False,
    vitmatte_model: str | None = None,
    bgcolor: Colour | None = None,
    force_return_bytes: bool = False,
    *,
    putalpha: bool = False,
    model: str | None = None,
    models: str | os.PathLike[str] | None = None,
    preset: str | None = None,
    format: str | None = None,
    quality: int | None = None,
    background: str | None = None,
    refine: float = 1.0,
    traces: float = EDGES["traces"],
    foreground: bool = True,
    border: float = 0.0,
    border_colour: str = BORDER_COLOUR,
    output: Literal["cutout", "mask"] = "cutout",
    recipe: str | os.PathLike[str] | Recipe | None = None,
    alternatives: bool = False,
    progress: Progress = no_progress,
) -> Made | Alternatives[Made]:
    """Remove the background of a photo. The arguments up to `putalpha` are rembg's, those after it are Offcut's own.

    Args:
        data: an image file (JPEG, PNG, WebP, GIF, TIFF or BMP) as bytes, as a path or opened with ``"rb"``; a Pillow
            image; or a uint8 array ``(h, w)``, ``(h, w, 3)`` or ``(h, w, 4)``: grey, RGB or RGBA.
        alpha_matting: whether to find alpha again in a band around the edge, by closed-form matting.
        alpha_matting_foreground_threshold: alphas above it are surely subject, 0 to 255.
        alpha_matting_background_threshold: alphas below it are surely background, 0 to 255.
        alpha_matting_erode_size: pixels by which both are eroded, which makes the band.
        session: a loaded model (`new_session`); None to load one for this photo alone.
        only_mask: the same as ``output="mask"``.
        post_process_mask: whether to make the outline smooth and hard, without soft edges.
        decontaminate: the same as `foreground`, where it is not None.
        vitmatte: refused; the message names what to use instead.
        vitmatte_model: refused likewise.
        bgcolor: red, green, blue and alpha, 0 to 255 each, of a colour to put the subject on.
        force_return_bytes: whether to return the bytes of a file for a Pillow image or an array, too.
        putalpha: whether to keep the photo's own colours everywhere, also where nothing of them is visible.
        model: id in the catalogue, or rembg's name for it; None for the session's, or the default; ``"auto"`` for the
            network that suits the photo, out of those that are there.
        models: folder of the models, used where there is no session.
        preset: one of the page's, such as ``"product"``, ``"amazon"``, ``"sticker"`` or ``"de"``: its background,
            canvas and effects are made of the photo, its format and quality count where none is given.
        format: of the file: ``"png"``, ``"webp"``, ``"jpeg"``, ``"avif"`` or ``"tiff"``; None for the preset's, or PNG.
        quality: 1 to 100, for lossy formats; None for the preset's, or 90.
        background: a CSS colour to put the subject on, such as ``"#ffffff"``; None keeps it transparent, in JPEG white.
        refine: how far uncertain edges follow the photo, 0 (not at all) to 1 (fully).
        traces: alpha, 0 to 0.5, up to which faint pixels far from the subject are removed; 0 keeps them.
        foreground: whether soft edges get the subject's estimated colours, without the old background in them.
        border: width of a border around the subject, as stickers have, 0 (none) to 0.2 of the longer side of the
            rectangle around the subject. What of it lies beyond the photo is cut off.
        border_colour: a CSS colour.
        output: ``"cutout"``, or ``"mask"`` for the alpha alone as a grey picture.
        recipe: a Python file that finishes the picture (docs/recipes.md): its path, the name of a sample such as
            ``"sticker"``, or an `offcut.Recipe`.
        alternatives: whether all models that are on this machine cut the photo out, instead of one.
        progress: called with a stage of `offcut.progress.STAGES`, how much of it is done, and the total (0: unknown).

    Returns:
        For a file, the bytes of the finished file, of the photo's size or the preset's. For a Pillow image another
        one, for an array another one: RGBA, or grey for the mask. With `alternatives` an `Alternatives`: this for each
        model, that of `model` first, and whether the models disagree about the photo.

    Raises:
        OffcutError: the file, an option or the model cannot be used; the message says which, and what to do.
        OSError: a path cannot be read.

    Example:
        >>> from pathlib import Path
        >>> cutout = remove(Path("photo.jpg").read_bytes())
        >>> Path("cutout.png").write_bytes(cutout)
    """
    given = locals()
    request = replace(read_request({name: given[name] for name in DEFAULTS}), name=name_of(data))
    photo = read(data)

    def make(pixels: MattedPixels, clock: StageTimer) -> Made:
        """Make the result in the form in which the photo was given."""
        if force_return_bytes or is_file(data):
            return make_file(pixels, request, clock).data
        picture = make_picture(pixels, request)
        if picture.mode == "RGB":
            picture.putalpha(255)  # as rembg returns a picture over a colour
        return np.asarray(picture) if isinstance(data, np.ndarray) else picture

    def run(session: RemovalSession) -> Made | Alternatives[Made]:
        return (session.apply_all if alternatives else session.apply)(photo, request, make, progress)

    if session is not None:
        return run(session)
    with new_session(request.options.model, models=models) as own:
        return run(own)


class AsyncEngine:
    """Cuts out photos for a program with an event loop, which goes on meanwhile, and reports progress.

    As an asynchronous context manager it loads the model at the beginning and frees its memory at the end.

    Example:
        >>> async def main():
        ...     async with AsyncEngine("isnet") as engine:
        ...         return await engine.remove("photo.jpg", progress=lambda stage, done, total: print(stage))
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        models: str | os.PathLike[str] | None = None,
        threads: int | None = None,
        at_once: int = 2,
    ) -> None:
        """Load nothing yet.

        Args:
            model: as for `new_session`.
            models: as for `new_session`.
            threads: as for `new_session`.
            at_once: how many photos are in memory at once; the network runs for one of them.
        """
        self._open = functools.partial(new_session, model, models=models, threads=threads)
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="offcut")
        self._session: RemovalSession | None = None
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> "AsyncEngine":
        """Load the model. Raises what `new_session` does."""
        await self._loaded()
        return self

    async def __aexit__(self, *error: object) -> None:
        """Close the engine."""
        await self.close()

    async def close(self) -> None:
        """Finish the photos that are being cut out and free the model's memory."""
        session, self._session = self._session, None
        await asyncio.to_thread(self._pool.shutdown)
        if session is not None:
            await asyncio.to_thread(session.close)

    async def remove(
        self,
        data: Source,
        *,
        force_return_bytes: bool = False,
        alternatives: bool = False,
        progress: Progress = no_progress,
        **arguments: Unpack[Arguments],
    ) -> Any:
        """Remove the background of a photo, with the arguments, the result and the errors of `offcut.remove`.

        `progress` is called in the event loop's own thread.
        """
        session = await self._loaded()
        loop = asyncio.get_running_loop()

        def report(stage: str, done: int, total: int) -> None:
            loop.call_soon_threadsafe(progress, stage, done, total)

        call = functools.partial(
            remove,
            data,
            session=session,
            force_return_bytes=force_return_bytes,
            alternatives=alternatives,
            progress=report,
            **arguments,
        )
        return await loop.run_in_executor(self._pool, call)

    async def _loaded(self) -> RemovalSession:
        async with self._opening:
            if self._session is None:
                self._session = await asyncio.to_thread(self._open)
            return self._session
