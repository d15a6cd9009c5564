"""Codecs that few people need: parts of the site that are fetched when a file of their format is read or written."""

import js
from pyodide.code import run_js
from pyodide.ffi import JsException, JsProxy

from offcut.browser.interop import to_plain_js
from offcut.errors import CodecDownloadError

FOLDER = "vendor/codecs/"


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
    try:
        # The module is imported only once all is here: some browsers do not try a failed import again.
        for name in (*others, script):
            response = await js.fetch(site + FOLDER + name)
            if not response.ok:
                raise CodecDownloadError(_sentence(title), kind=title)
            await response.blob()
        factory = (await run_js(f"import({site + FOLDER + script!r})")).default
        module: JsProxy = await factory(to_plain_js({"noInitialRun": True}))
        return module
    except JsException as error:
        raise CodecDownloadError(_sentence(title), kind=title) from error


def _sentence(title: str) -> str:
    return (
        f"The part of Offcut for {title} files could not be fetched. Check the connection and try again, or use "
        "another format."
    )
