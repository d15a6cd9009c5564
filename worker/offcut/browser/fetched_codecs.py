"""Codecs that few people need: parts of the site that are fetched when a file of their format is read or written."""

import js
from pyodide.code import run_js
from pyodide.ffi import JsException, JsProxy

from offcut.browser.interop import to_plain_js
from offcut.browser.storage.chunk_fetcher import fetch_once
from offcut.errors import CodecDownloadError
from offcut.models.download import FetchFailed, retried

FOLDER = "vendor/codecs/"

MISSING = "missing"
"""Reason of CodecDownloadError where the site was built without the codec."""


_factories: dict[str, JsProxy] = {}
"""What makes new modules, by the script that it is of."""


async def load_codec(site: str, title: str, script: str, *others: str) -> JsProxy:
    """Return an Emscripten module, new and with memory of its own.

    Args:
        site: absolute URL of the folder that index.html lies in.
        title: the format's.
        script: name of the ES module that makes it.
        others: names of files that it needs.

    Raises:
        CodecDownloadError: a file cannot be fetched, or the site was built without it.
    """
    folder = site + FOLDER
    try:
        if script not in _factories:
            # The module is imported only once all is here: some browsers do not try a failed import again.
            for name in (*others, script):
                await _fetch(folder + name, title)
            _factories[script] = (await run_js(f"import({folder + script!r})")).default
        module: JsProxy = await js.Promise.resolve(_factories[script](to_plain_js({"noInitialRun": True})))
        return module
    except JsException as error:
        raise CodecDownloadError(_sentence(title), kind=title) from error


async def _fetch(url: str, title: str) -> None:
    """Have a file in the browser's caches. Raises CodecDownloadError."""
    try:
        await retried(lambda: fetch_once(url, "default", lambda response: response.blob()))
    except FetchFailed as failure:
        raise CodecDownloadError(_sentence(title), MISSING if failure.status == 404 else "", title) from failure


def _sentence(title: str) -> str:
    return (
        f"The part of Offcut for {title} files could not be fetched. Check the connection and try again, or use "
        "another format."
    )
