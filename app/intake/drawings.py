"""SVG drawings become pictures. An `<img>` draws them: in one no script runs, and nothing is fetched.

Workers cannot draw them, so the page does; it hands the picture on as a file and looks at no pixel.
"""

import js
from core.dom import JsException, document, object_of
from core.log import log
from pyscript.ffi import to_js

from intake.drawing_size import USUAL, fitted, sides_of
from intake.paths import note_path

_TYPE = "image/svg+xml"
_MAX_BYTES = 20_000_000


def is_drawing(file):
    """Whether a file is an SVG drawing, by its type or name."""
    return file.type == _TYPE or file.name.lower().endswith(".svg")


async def read_drawing(file):
    """Return the `Drawing` of a file, or None where it cannot be drawn."""
    if file.size > _MAX_BYTES:
        return None
    tree = js.DOMParser.new().parseFromString(await file.text(), _TYPE)  # runs and fetches nothing either
    root = tree.documentElement
    if root.localName != "svg" or tree.querySelector("parsererror"):
        return None
    return Drawing(root, file.name)


class Drawing:
    """An SVG drawing that was read."""

    def __init__(self, root, name):
        """`root` is its first element; `name` that of its file."""
        self._root, self._name = root, name
        box = root.getAttribute("viewBox")
        self.sides = sides_of(root.getAttribute("width"), root.getAttribute("height"), box)
        """Its proportions."""

        if not box:
            root.setAttribute("viewBox", f"0 0 {self.sides[0]} {self.sides[1]}")  # else it is cut, not scaled

    async def picture(self, longest):
        """Return a PNG file of it whose longer side has so many pixels; None where the browser refuses."""
        width, height = fitted(self.sides, longest)
        self._root.setAttribute("width", str(width))
        self._root.setAttribute("height", str(height))
        text = js.XMLSerializer.new().serializeToString(self._root)
        url = js.URL.createObjectURL(js.Blob.new(to_js([text]), object_of(type=_TYPE)))
        image, canvas = js.Image.new(), document.createElement("canvas")
        try:
            image.src = url
            await image.decode()
            canvas.width, canvas.height = width, height
            canvas.getContext("2d").drawImage(image, 0, 0, width, height)
            # Its second argument would be the type; what is none means PNG.
            blob = await js.Promise.new(canvas.toBlob.bind(canvas))
        except JsException as error:  # a drawing with parts of a web page in it, or too large for a canvas
            log.warning("A drawing was not drawn", cause=error)
            return None
        finally:
            js.URL.revokeObjectURL(url)
            canvas.width = canvas.height = 0
        name = self._name.rsplit(".", 1)[0] + ".png"
        return js.File.new(to_js([blob]), name, object_of(type="image/png")) if blob else None


class Drawings:
    """Has the drawings among some files drawn. What cannot be drawn stays as it is: the engine says what it is."""

    def __init__(self, ask):
        """`ask(sides)` is a coroutine function: the longer side that a person wants, None for not drawing at all."""
        self._ask = ask

    def has_any(self, files):
        """Whether there is a drawing among some files."""
        return any(is_drawing(file) for file in files)

    async def drawn(self, files):
        """Return files with pictures in place of the drawings. Only for a single one a person is asked for the size."""
        result = []
        for file in files:
            drawing = await read_drawing(file) if is_drawing(file) else None
            if drawing is None:
                result.append(file)
                continue
            longest = await self._ask(drawing.sides) if len(files) == 1 else USUAL
            if longest:
                picture = await drawing.picture(longest)
                if picture:
                    note_path(picture, file.webkitRelativePath)
                result.append(picture or file)
        return result
