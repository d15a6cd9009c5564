"""The texts that the page's first script shows by itself, where Python does not come up."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

SCRIPT = "app/boot.js"
TOKEN = b"__OFFCUT_TEXTS__"
FOLDER = "app/languages/"


def keys(script: str) -> list[str]:
    """Return the keys of the texts that the script names, each once."""
    return list(dict.fromkeys(re.findall(r'\btext\("([^"]+)"', script)))


def stamp(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the site's files with those texts of each language in the script, inside of backquotes there."""
    if SCRIPT not in files:
        return files
    named = keys(files[SCRIPT].decode())
    texts = {}
    for path, data in sorted(files.items()):
        if path.startswith(FOLDER):
            language = json.loads(data)
            texts[PurePosixPath(path).stem] = {key: language[key] for key in named if key in language}
    quoted = json.dumps(texts, ensure_ascii=False).replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return files | {SCRIPT: files[SCRIPT].replace(TOKEN, quoted.encode())}
