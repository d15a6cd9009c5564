"""Where in a chosen folder a file lies: `webkitRelativePath`, which browsers leave empty where it was dropped."""

import js
from core.dom import object_of


def note_path(file, path):
    """Give a file its path, with slashes and without one at the beginning."""
    js.Object.defineProperty(file, "webkitRelativePath", object_of(value=path))
