"""The security policy: one file, policy.toml, put into every page as a meta element and into sw.js as headers."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from tools.errors import ToolError

NAME = "policy.toml"
CONTENT_TOKEN = b"__OFFCUT_POLICY__"
HEADERS_TOKEN = b"__OFFCUT_HEADERS__"
EMBEDDERS_TOKEN = b"__OFFCUT_EMBEDDERS__"


def stamp(files: dict[str, bytes], source: Path) -> dict[str, bytes]:
    """Return the site's files with the policy in its pages (`content`) and in sw.js (`headers`)."""
    if not source.is_file():
        raise ToolError(f"The site cannot be built without {source.name}.")
    found = tomllib.loads(source.read_text(encoding="utf-8"))
    headers = json.dumps(headers_of(found)).encode()
    embedders = " ".join(found["embedding"]["origins"]).encode()
    return {
        path: data.replace(CONTENT_TOKEN, content_of(found).encode()).replace(EMBEDDERS_TOKEN, embedders)
        if path.endswith(".html")
        else data.replace(HEADERS_TOKEN, headers)
        if path == "sw.js"
        else data
        for path, data in files.items()
    }


def content_of(policy: dict[str, Any]) -> str:
    """Return the Content-Security-Policy as it stands in a meta element or a header."""
    return "; ".join(" ".join([name, *allowed]) for name, allowed in policy["content"].items())


def headers_of(policy: dict[str, Any]) -> dict[str, str]:
    """Return every header of a document or worker, by name."""
    closed = ", ".join(f"{feature}=()" for feature in policy["permissions"]["closed"])
    return {"Content-Security-Policy": content_of(policy), "Permissions-Policy": closed, **policy["headers"]}
