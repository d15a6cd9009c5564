"""Put style sheets into the pages that name them: browsers draw nothing while one is on its way, however long."""

from __future__ import annotations

import posixpath
import re

from tools.errors import ToolError

LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
ELSEWHERE = re.compile(r"""</style|@import|url\((?!["']?(?:data:|#))""", re.IGNORECASE)
"""What a sheet cannot have inside of a page: what ends it there, and addresses that begin at its own folder."""


def inlined(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the site's files with each sheet that a page links to inside of that page, and no longer a file.

    Raises ToolError where a sheet is missing or has what it cannot have there.
    """
    pages = {path: data.decode() for path, data in files.items() if path.endswith(".html")}
    sheets = {_path(path, address) for path, text in pages.items() for address in LINK.findall(text)}
    whole = files | {path: _with_sheets(path, text, files) for path, text in pages.items()}
    return {path: data for path, data in whole.items() if path not in sheets}


def _with_sheets(path: str, text: str, files: dict[str, bytes]) -> bytes:
    return LINK.sub(lambda link: f"<style>\n{_sheet(files, _path(path, link[1]), path)}</style>", text).encode()


def _path(page: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), address))


def _sheet(files: dict[str, bytes], path: str, page: str) -> str:
    if path not in files:
        raise ToolError(f"{page} links to {path}, which is missing.")
    text = files[path].decode()
    if found := ELSEWHERE.search(text):
        raise ToolError(f"{path} is put into {page}, and cannot have {found[0]!r} there.")
    return text
