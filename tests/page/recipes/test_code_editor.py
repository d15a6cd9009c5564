"""The files of the editor: its module names what the lock brings."""

import re

from tools.fetching import lock
from tools.paths import ROOT


def test_the_editor_names_files_that_are_there():
    source = (ROOT / "app" / "recipes" / "code_editor.py").read_text("utf-8")
    named = set(re.findall(r'"(\S+\.js)"', source))
    locked = {
        file.to.removeprefix("editor/") for package in lock.load() for file in package.files if "editor/" in file.to
    }
    assert len(named) == 5 and named < locked
