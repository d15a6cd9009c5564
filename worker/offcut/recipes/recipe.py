"""Reading and running recipes, and telling people where one fails."""

import functools
import inspect
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from offcut.errors import RecipeError
from offcut.memory_budget import MAX_PIXELS
from offcut.protocol.recipes import MAX_BYTES, SAMPLES
from offcut.recipes.info import Info

TOO_LONG = "time"
"""Reason of a RecipeError: it took longer than it may."""

MODES = ("RGBA", "RGB", "L")
"""Modes of pictures that can be saved."""

Run = Callable[["Recipe", Image.Image, Image.Image, Info], Awaitable[Image.Image]]
"""Finishes a picture with a recipe, somewhere: as `Recipe.finish`, with its arguments and errors."""

_FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Recipe:
    """A recipe's text, and the function in it. The text is run once, when the recipe is checked or first used."""

    name: str
    """Name of the file, for messages."""

    source: str
    """The text: Python."""

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> "Recipe":
        """Read a recipe from a file, or one of the samples by its name, such as ``"sticker"``.

        Raises:
            RecipeError: it cannot be read, or is no text.
        """
        name = os.fspath(path)
        file = _FOLDER / f"{name}.py" if name in SAMPLES and not Path(name).is_file() else Path(name)
        try:
            source = file.read_text("utf-8")
        except OSError as error:
            names = ", ".join(SAMPLES)
            reason = error.strerror or type(error).__name__
            raise RecipeError(f"The recipe {name} cannot be read: {reason}. The samples are {names}.") from error
        except UnicodeDecodeError as error:
            raise RecipeError(f"The recipe {name} is no text in UTF-8.") from error
        return cls(file.name, source)

    def check(self) -> None:
        """Run the text and look for its function. Raises RecipeError."""
        _ = self._finish

    def finish(self, cutout: Image.Image, original: Image.Image, info: Info) -> Image.Image:
        """Finish a picture.

        Args:
            cutout: the picture so far, mode RGBA.
            original: the photo, mode RGB.
            info: what else there is to know.

        Returns:
            What the recipe returns: mode RGBA, RGB or L, of any size.

        Raises:
            RecipeError: the recipe fails, or returns something else; the message names the line.
        """
        finish = self._finish
        with self._explained():
            picture = finish(cutout, original, info)
        return self._checked(picture)

    @functools.cached_property
    def _finish(self) -> Callable[[Image.Image, Image.Image, Info], Any]:
        if len(self.source.encode()) > MAX_BYTES:
            raise RecipeError(f"The recipe {self.name} has more than {MAX_BYTES // 1000} KB.")
        names: dict[str, Any] = {"__name__": "recipe", "__file__": self.name, "print": _print}
        with self._explained():
            exec(compile(self.source, self._file, "exec", dont_inherit=True), names)
        finish: Any = names.get("finish")
        if not callable(finish):
            raise RecipeError(f"The recipe {self.name} has no function finish(cutout, original, info).")
        if inspect.iscoroutinefunction(finish):
            raise RecipeError(f"The function finish of {self.name} is asynchronous. Define it with def alone.")
        try:
            inspect.signature(finish).bind(None, None, None)
        except TypeError as error:
            raise RecipeError(
                f"The function finish of {self.name} must take three arguments: finish(cutout, original, info)."
            ) from error
        function: Callable[[Image.Image, Image.Image, Info], Any] = finish
        return function

    def __getstate__(self) -> dict[str, Any]:
        """Leave the function out of what is sent to another process."""
        return {"name": self.name, "source": self.source}

    @property
    def _file(self) -> str:
        # Not a path: a file of that name may lie in the current folder, and be another one.
        return f"<recipe {self.name}>"

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the recipe raises into a RecipeError."""
        try:
            yield
        except (MemoryError, RecipeError):
            raise
        except (Exception, SystemExit) as error:  # whatever a recipe raises is to be told to its author
            raise self._error(error) from None

    def _error(self, error: BaseException) -> RecipeError:
        lines = self.source.splitlines()
        frames = [entry for entry in traceback.extract_tb(error.__traceback__) if entry.filename == self._file]
        places = [(entry.lineno or 0, entry.name) for entry in frames]
        if isinstance(error, SyntaxError) and error.filename == self._file:
            places.append((error.lineno or 0, "<module>"))
        text = ["Traceback (most recent call last):"]
        for line, function in places:
            text.append(f'  File "{self.name}", line {line}, in {function}')
            if 0 < line <= len(lines):
                text.append(f"    {lines[line - 1].strip()}")
        what = f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}".rstrip(": ")
        line = places[-1][0] if places else 0
        where = f" in line {line}" if line else ""
        message = f"The recipe {self.name} fails{where}: {what.splitlines()[0].rstrip('.')}."
        return RecipeError(message, line=line, traceback="\n".join([*text, what]))

    def _checked(self, picture: Any) -> Image.Image:
        if not isinstance(picture, Image.Image):
            kind = "None" if picture is None else f"a value of type {type(picture).__name__}"
            raise RecipeError(f"The function finish of {self.name} returns {kind} instead of an image of Pillow.")
        if not picture.width or not picture.height or picture.width * picture.height > MAX_PIXELS:
            raise RecipeError(
                f"The function finish of {self.name} returns a picture of {picture.width} × {picture.height} pixels. "
                f"It must have at least one and at most {MAX_PIXELS:,}."
            )
        if picture.mode in MODES:
            return picture
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


async def run_here(recipe: Recipe, cutout: Image.Image, original: Image.Image, info: Info) -> Image.Image:
    """Finish a picture in this very process, with all its rights. Raises RecipeError."""
    return recipe.finish(cutout, original, info)


def _print(*values: object, **options: Any) -> None:
    """Print on standard error: standard output may be the picture."""
    print(*values, **{"file": sys.stderr, **options})
