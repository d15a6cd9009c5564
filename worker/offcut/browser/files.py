"""Files that the page hands over."""

from pyodide.ffi import JsException, JsProxy

from ..errors import UnreadableFileError


async def bytes_of(file: JsProxy) -> bytes:
    """All of a `Blob` or `File`.

    Raises:
        UnreadableFileError: the browser gives no bytes: it is a folder, or was moved or changed since it was chosen.
    """
    try:
        return (await file.arrayBuffer()).to_bytes()
    except JsException as error:
        raise UnreadableFileError(
            "The browser cannot read this file: it may have been moved or changed, or be a folder. Choose it again."
        ) from error
