"""Node.js and npm: the machine's own, or those of a pinned wheel where there are none."""

from __future__ import annotations

import os
import shutil

from tools import environment
from tools.errors import ToolError


def node_program() -> str:
    """The path of node."""
    return _program("node")


def npm_program() -> str:
    """The path of npm."""
    return _program("npm")


def _program(name: str) -> str:
    if found := shutil.which(name):
        return found
    environment.ensure("node")
    ours = environment.program(name)
    if not ours.exists():
        raise ToolError(f"{name} is missing here and could not be installed. Install Node.js, then run this again.")
    # npm starts node by name, so the environment's programs must be found too.
    os.environ["PATH"] = os.pathsep.join((str(ours.parent), os.environ.get("PATH", "")))
    return str(ours)
