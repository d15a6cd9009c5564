"""Bytes in JavaScript's memory: read, and let go."""

from pyodide.ffi import JsException, JsProxy

from offcut.errors import UnreadableFileError


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


def forget(buffer: JsProxy) -> None:
    """Give an ArrayBuffer's memory back now. An idle worker may not collect its garbage for minutes.

    One that was handed on to another worker is gone from here already, which is no error.
    """
    if buffer.byteLength and hasattr(buffer, "transfer"):  # not in browsers from before 2024
        buffer.transfer(0)
